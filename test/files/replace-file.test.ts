import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { replaceFile } from '../../src/files/replace-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the content is another, the mode the same, and nothing is left beside it', () => {
  const file = path.join(folder, 'web.yaml');
  writeFileSync(file, 'old');
  chmodSync(file, 0o666);
  const { ino } = statSync(file);
  expect(replaceFile(file, Buffer.from('new'))).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o666);
  // another file in the place of the old one, which was never half written
  expect(statSync(file).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(['web.yaml']);
});

test('a file that cannot be replaced is unchanged', () => {
  const missing = path.join(folder, 'missing.yaml');
  expect(replaceFile(missing, Buffer.from('new'))?.message).toMatch(/^ENOENT/);
  const sub = path.join(folder, 'sub');
  mkdirSync(sub);
  expect(replaceFile(sub, Buffer.from('new'))?.message).toMatch(/^EISDIR|^ENOTEMPTY|^EPERM|^EEXIST/);
  expect(readdirSync(folder).toSorted()).toEqual(['sub', 'web.yaml']);
});
