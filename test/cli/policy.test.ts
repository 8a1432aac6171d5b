import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkPolicy, policySummary } from '../../src/cli/policy.ts';
import { policyOf } from '../../src/cli/policy-options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a good policy is summed up', async () => {
  const file = path.relative('.', path.join(import.meta.dirname, 'fixtures/policy.yaml'));
  const { output, ...rest } = await checkPolicy(file);
  expect(output.replace(/\d+ off/, 'N off')).toBe(
    'test/cli/fixtures/policy.yaml is valid: mode enforce; rules: 4 enforce, 2 warn, 1 audit, N off; 3 fixes on',
  );
  expect(rest).toEqual({ messages: [], exitCode: 0 });
});

test('every problem of a bad policy has its line and column', async () => {
  const file = path.join(folder, 'policy.yaml');
  const text = [
    'apiVersion: podwright.dev/v1alpha1',
    'kind: Policy',
    'mode: enfroce',
    'rules:',
    '  no-host-netwrok: { mode: warn }',
  ];
  writeFileSync(file, text.join('\n'));
  const { output, ...rest } = await checkPolicy(file);
  expect(output.replaceAll(folder, '')).toMatchInlineSnapshot(`
    "/policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "enfroce"
    /policy.yaml:5:3: rules.no-host-netwrok: there is no such rule; did you mean "no-host-network"?"
  `);
  expect(rest).toEqual({ messages: [], exitCode: 2 });
});

test('a policy file that is none', async () => {
  const file = path.join(folder, 'none.yaml');
  expect(await policyOf({ policy: file })).toEqual({ problems: [`no such policy file: ${file}`] });
  expect(await policyOf({ policy: folder })).toEqual({
    problems: [`cannot read ${folder}: it is a folder, not a file`],
  });
});

test('the command line is stronger than the policy', async () => {
  const policy = await policyOf({ mode: 'audit', fixes: false, kubernetesVersion: 29 });
  expect(policy).toMatchObject({ mode: 'audit', fixes: false, kubernetesMinor: 29 });
  if ('problems' in policy) throw new Error('the built-in policy is invalid');
  expect(policySummary({ ...policy, rules: [] })).toBe('mode audit; rules: ; no fixes');
});
