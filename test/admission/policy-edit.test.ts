import { describe, expect, test } from 'vitest';
import { decidePolicyEdit, policyEditOf, uncheckedPolicyEdit } from '../../src/admission/policy-edit.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { resolve } from '../../src/policy/resolve.ts';
import { rules } from '../../src/rules/index.ts';

const configMap = (data: object | undefined, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'podwright-policy', namespace: 'podwright-system', labels },
  data,
});
const request = (given: Partial<AdmissionRequest>): AdmissionRequest => ({
  uid: 'uid-1',
  kind: { group: '', version: 'v1', kind: 'ConfigMap' },
  subResource: '',
  name: 'podwright-policy',
  namespace: 'podwright-system',
  operation: 'UPDATE',
  userInfo: { username: 'ann', groups: [] },
  dryRun: false,
  ...given,
});
const world = {
  inForce: resolve({ mode: 'audit' }, rules),
  version: '1.0.0',
  now: Date.parse('2026-11-28T12:00:00Z'),
};
const problem = 'policy.yaml:3:1: controlers: unknown key; did you mean "controllers"?';
const invalid = (problems: readonly string[], labels = {}) =>
  decidePolicyEdit(
    request({ object: configMap({ 'policy.yaml': 'x' }, labels) }),
    { kind: 'text', reading: { problems } },
    world,
  ).response;

describe('what an edit does:', () => {
  const text = 'mode: audit\n';
  test.each<[string, Partial<AdmissionRequest>, object]>([
    ['another text', { object: configMap({ 'policy.yaml': text }) }, { kind: 'text', text }],
    ['the first text', { operation: 'CREATE', object: configMap({ 'policy.yaml': text }) }, { kind: 'text', text }],
    [
      'another label',
      { object: configMap({ 'policy.yaml': text }, { a: 'b' }), oldObject: configMap({ 'policy.yaml': text }) },
      { kind: 'none' },
    ],
    [
      'the key goes',
      { object: configMap({ other: text }), oldObject: configMap({ 'policy.yaml': text }) },
      { kind: 'no policy' },
    ],
    [
      'all data go',
      { object: configMap(undefined), oldObject: configMap({ 'policy.yaml': text }) },
      { kind: 'no policy' },
    ],
    ['a text that is none', { operation: 'CREATE', object: configMap({ 'policy.yaml': 3 }) }, { kind: 'no policy' }],
    [
      'the ConfigMap goes',
      { operation: 'DELETE', oldObject: configMap({ 'policy.yaml': text }) },
      { kind: 'deletion' },
    ],
    ['a Secret', { kind: { group: '', version: 'v1', kind: 'Secret' }, object: configMap({}) }, { kind: 'none' }],
    ['a connection', { operation: 'CONNECT', object: configMap({}) }, { kind: 'none' }],
    ['nothing readable', { operation: 'CREATE', object: 'x' }, { kind: 'no policy' }],
  ])('%s', (_, given, edit) => {
    expect(policyEditOf(request(given))).toEqual(edit);
  });
});

test('a wrong edit is denied with the first problem on the first line', () => {
  expect(invalid([problem])).toEqual({
    uid: 'uid-1',
    allowed: false,
    auditAnnotations: { verdict: 'deny' },
    status: {
      code: 403,
      reason: 'Forbidden',
      message: `ConfigMap podwright-system/podwright-policy is refused, because its policy is invalid: ${problem}
The policy in force stays. To check a policy beforehand: podwright policy check FILE`,
    },
  });
});

test('problems are listed, long ones are cut, and many are counted', () => {
  const problems = [problem, `policy.yaml:4:1: ${'x'.repeat(400)}`, ...Array.from({ length: 20 }, (_, n) => `p${n}\n`)];
  const lines = invalid(problems).status?.message.split('\n') ?? [];
  expect(lines[0]).toBe(
    `ConfigMap podwright-system/podwright-policy is refused, because its policy has 22 problems: ${problem}`,
  );
  expect(lines[1]).toBe(`  policy.yaml:4:1: ${'x'.repeat(282)}…`);
  expect(lines.slice(-3)).toEqual([
    '  p17 ',
    '  and 2 more',
    'The policy in force stays. To check a policy beforehand: podwright policy check FILE',
  ]);
});

test('a right edit is admitted with one warning of what it changes', () => {
  const policy = resolve(
    {
      mode: 'enforce',
      namespaces: [{ match: { names: ['shop'] }, mode: 'warn' }],
      rules: { 'no-host-pid': { mode: 'off' } },
    },
    rules,
  );
  const { response, note } = decidePolicyEdit(request({}), { kind: 'text', reading: { policy } }, world);
  const text =
    'policy changes: mode audit -> enforce; namespaces shop added (mode warn); rule enforce -> off: no-host-pid';
  expect(response).toEqual({
    uid: 'uid-1',
    allowed: true,
    auditAnnotations: { verdict: 'allow' },
    warnings: [`podwright: ${text}`],
  });
  expect(note).toBe(text);
});

test('an edit that changes no verdict passes in silence', () => {
  const reading = { policy: resolve({ mode: 'audit', messages: { contact: '#platform' } }, rules) };
  for (const edit of [{ kind: 'text' as const, reading }, { kind: 'none' as const }])
    expect(decidePolicyEdit(request({}), edit, world).response).toEqual({
      uid: 'uid-1',
      allowed: true,
      auditAnnotations: { verdict: 'allow' },
    });
});

test('a trial before an upgrade is denied if invalid, and silent otherwise', () => {
  const trial = request({ name: 'podwright-policy-check', operation: 'CREATE' });
  const reading = { policy: resolve({ mode: 'enforce' }, rules) };
  expect(decidePolicyEdit(trial, { kind: 'text', reading }, world).response.warnings).toBeUndefined();
  const denied = decidePolicyEdit(trial, { kind: 'text', reading: { problems: [problem] } }, world);
  expect(denied.response.status?.message.split('\n')[0]).toBe(
    `ConfigMap podwright-system/podwright-policy-check is refused, because its policy is invalid: ${problem}`,
  );
});

test('a ConfigMap that nobody could edit again is admitted with a warning', () => {
  const object = { ...configMap({ 'policy.yaml': 'x' }), immutable: true };
  const reading = { policy: world.inForce };
  expect(decidePolicyEdit(request({ object }), { kind: 'text', reading }, world).response.warnings).toEqual([
    'podwright: immutable: true prevents any further edit; the ConfigMap would have to be recreated',
  ]);
});

test('to lose the key is denied, to lose the ConfigMap is not', () => {
  expect(decidePolicyEdit(request({}), { kind: 'no policy' }, world).response.status?.message).toBe(
    `ConfigMap podwright-system/podwright-policy is refused, because its policy is invalid: data has no key policy.yaml
The policy in force stays. To check a policy beforehand: podwright policy check FILE`,
  );
  expect(decidePolicyEdit(request({ operation: 'DELETE' }), { kind: 'deletion' }, world).response).toMatchObject({
    allowed: true,
    warnings: ['podwright: the last valid policy stays in force without this ConfigMap'],
  });
});

test('what the next version can read is not denied by this one', () => {
  const labels = (version: string) => ({ 'app.kubernetes.io/version': version });
  expect(invalid([problem], labels('1.0.0')).allowed).toBe(false);
  expect(invalid([problem], labels('1.1.0'))).toMatchObject({
    allowed: true,
    warnings: [`podwright: the policy is for version 1.1.0, and invalid for the running 1.0.0: ${problem}`],
  });
});

test('what could not be checked is admitted, and says so', () => {
  expect(uncheckedPolicyEdit(request({})).response).toMatchObject({
    allowed: true,
    warnings: ['podwright: the policy could not be checked; see the log'],
  });
});
