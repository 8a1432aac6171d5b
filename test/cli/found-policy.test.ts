import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { policyFileOf } from '../../src/cli/found-policy.ts';

const root = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(root, { recursive: true }));
const policy = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';
for (const [name, text] of Object.entries({
  '.podwright.yaml': policy,
  'a/podwright.yaml': 'apiVersion: apps/v1\nkind: Deployment\n',
  'a/b/podwright.yaml': policy,
  'a/b/.podwright.yaml': policy,
  'a/b/c/d': '',
})) {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}
const found = async (folder: string, options = {}): Promise<string | undefined> => {
  const file = await policyFileOf(options, path.join(root, folder));
  return file && path.relative(root, file);
};

test('the nearest policy file is used, podwright.yaml before the hidden one, and not a manifest of this name', async () => {
  expect(await found('a/b/c')).toBe('a/b/podwright.yaml');
  expect(await found('a/b')).toBe('a/b/podwright.yaml');
  expect(await found('a')).toBe('.podwright.yaml');
});

test('unless one is specified, or the search is turned off', async () => {
  expect(await policyFileOf({ policy: 'mine.yaml' }, path.join(root, 'a'))).toBe('mine.yaml');
  expect(await found('a', { config: false })).toBeUndefined();
});
