import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { policyFileOf } from '../../src/cli/find-policy-file.ts';

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
  const { file } = await policyFileOf(options, path.join(root, folder));
  return file && path.relative(root, file);
};

test('the nearest policy file is used, podwright.yaml before the hidden one, and not a manifest of this name', async () => {
  expect(await found('a/b/c')).toBe('a/b/podwright.yaml');
  expect(await found('a/b')).toBe('a/b/podwright.yaml');
  expect(await found('a')).toBe('.podwright.yaml');
});

test('unless one is specified, or the search is turned off', async () => {
  expect(await policyFileOf({ policy: 'mine.yaml' }, path.join(root, 'a'))).toEqual({
    file: 'mine.yaml',
    passedOver: [],
  });
  expect(await found('a', { config: false })).toBeUndefined();
});

test.each([
  `\uFEFF${policy}`,
  '{"apiVersion": "podwright.dev/v1alpha1", "kind": "Policy"}',
  '{\n  "kind": "Policy",\n  "apiVersion": "podwright.dev/v1alpha1"\n}',
  'kind: Policy\n',
  '# rules\nrules: {}\n',
  '',
  '\tapiVersion: podwright.dev/v1alpha1\n',
])('a policy in another form, or a broken one, is not replaced by another: %j', async (text) => {
  const folder = mkdtempSync(path.join(root, 'a/b/'));
  writeFileSync(path.join(folder, 'podwright.yaml'), text);
  expect(await policyFileOf({}, folder)).toEqual({
    file: path.relative('', path.join(folder, 'podwright.yaml')),
    passedOver: [],
  });
});

test('a policy that cannot be read is not replaced by another', async () => {
  const folder = mkdtempSync(path.join(root, 'a/b/'));
  writeFileSync(path.join(folder, 'podwright.yaml'), '# x\n'.repeat(300_000));
  const file = path.relative('', path.join(folder, 'podwright.yaml'));
  expect(await policyFileOf({}, folder)).toEqual({ file, passedOver: [] });
});

test.each([
  'apiVersion: kyverno.io/v1\nkind: Policy\n',
  'policy:\n  rules: {}\nreplicas: 3\n',
  `apiVersion: v1\nkind: ConfigMap\ndata:\n  policy.yaml: |\n    ${policy.replaceAll('\n', '\n    ')}\n`,
  '{"apiVersion": "v1", "kind": "ConfigMap", "data": {}}',
])('something else of that name is passed over and named: %j', async (text) => {
  const folder = mkdtempSync(path.join(root, 'a/b/'));
  writeFileSync(path.join(folder, 'podwright.yaml'), text);
  expect(await policyFileOf({}, folder)).toEqual({
    file: path.relative('', path.join(root, 'a/b/podwright.yaml')),
    passedOver: [path.relative('', path.join(folder, 'podwright.yaml'))],
  });
});
