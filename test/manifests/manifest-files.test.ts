import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findManifestFiles } from '../../src/manifests/manifest-files.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
const at = (...names: string[]): string => path.join(folder, ...names);
for (const name of [
  'b/two.yml',
  'b/one.yaml',
  'a.json',
  'c.txt',
  '.git/x.yaml',
  'node_modules/y/z.yaml',
  '.hidden.yaml',
])
  write(name);
mkdirSync(at('empty'));
symlinkSync(at('b/one.yaml'), at('linked.yaml'));
symlinkSync(at('gone.yaml'), at('stale.yaml'));
symlinkSync(folder, at('b/up.yaml'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder gives its manifests at any depth, sorted, hidden folders and node_modules left out', async () => {
  expect(await findManifestFiles([folder])).toEqual({
    files: [at('.hidden.yaml'), at('a.json'), at('b/one.yaml'), at('b/two.yml'), at('linked.yaml'), at('stale.yaml')],
    unreadable: [],
  });
});

test('files are taken as they are named, in order and once', async () => {
  expect(await findManifestFiles([at('c.txt'), '-', at('b'), at('b', '..', 'b', 'one.yaml'), '-'])).toEqual({
    files: [at('c.txt'), '-', at('b/one.yaml'), at('b/two.yml')],
    unreadable: [],
  });
});

test('a path that names nothing is the answer', async () => {
  expect(await findManifestFiles([at('a.json'), at('none.yaml')])).toEqual({
    missing: `no such file or folder: ${at('none.yaml')}`,
  });
  expect(await findManifestFiles([at('empty')])).toEqual({
    missing: `no *.yaml, *.yml or *.json file in the folder ${at('empty')}`,
  });
  expect(await findManifestFiles([at('a.json', 'below')])).toEqual({
    missing: expect.stringMatching(/^cannot read .*: ENOTDIR/),
  });
});

function write(name: string): void {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), '');
}
