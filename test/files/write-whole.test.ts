import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeWhole } from '../../src/files/write-whole.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

test('a new file is written, and an existing one replaced with its mode, through links', () => {
  writeWhole(at('a'), 'one');
  chmodSync(at('a'), 0o640);
  symlinkSync('a', at('link'));
  writeWhole(at('link'), 'two');
  expect(readFileSync(at('a'), 'utf8')).toBe('two');
  expect(statSync(at('a')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).toSorted()).toEqual(['a', 'link']);
});

test('a file that the disk has no room for stays as it was', () => {
  writeFileSync(at('known'), 'known');
  const script = `import { writeWhole } from ${JSON.stringify(path.resolve('src/files/write-whole.ts'))};
process.on('SIGXFSZ', () => undefined);
try { writeWhole(${JSON.stringify(at('known'))}, 'x'.repeat(1e6)); } catch (error) { console.log(error.code); }`;
  writeFileSync(at('script.mjs'), script);
  const limited = `ulimit -f 1; ${process.execPath} ${at('script.mjs')}`;
  // the limit would end the writing of a compile cache too
  const env = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };
  expect(execFileSync('bash', ['-c', limited], { encoding: 'utf8', env })).toBe('EFBIG\n');
  expect(readFileSync(at('known'), 'utf8')).toBe('known');
  expect(readdirSync(folder)).not.toContainEqual(expect.stringContaining('known.'));
});

/** A machine may deny namespaces to its users, or have none. */
const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

test.skipIf(!canMount)('a mounted file, which cannot be replaced, is written directly', () => {
  writeFileSync(at('mounted'), 'old');
  writeFileSync(at('under'), 'below');
  const write = `import { writeWhole } from ${JSON.stringify(path.resolve('src/files/write-whole.ts'))};
writeWhole(${JSON.stringify(at('mounted'))}, 'new');`;
  writeFileSync(at('write.mjs'), write);
  const mounted = `mount --bind ${at('under')} ${at('mounted')} && ${process.execPath} ${at('write.mjs')}`;
  execFileSync('unshare', ['--map-root-user', '--mount', 'bash', '-c', mounted]);
  expect(readFileSync(at('under'), 'utf8')).toBe('new');
  expect(readFileSync(at('mounted'), 'utf8')).toBe('old');
});
