import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';
import { helms, only, refusal, render } from './support/helm.ts';

const policyFile = (values: object): string =>
  only<{ readonly data: Readonly<Record<string, string>> }>(render(values), 'ConfigMap', 'podwright-policy').data[
    'policy.yaml'
  ] ?? '';

test('is the recommended one under audit', () => {
  expect(policyFile({})).toMatchInlineSnapshot(`
    "apiVersion: podwright.dev/v1alpha1
    extends: recommended
    kind: Policy
    mode: audit
    "
  `);
});

test.each([
  ['off', 'off'],
  [false, 'off'],
  ['warn', 'warn'],
  ['enforce', 'enforce'],
])('mode %s of the values is the ceiling %s of a policy that the program reads', async (mode, ceiling) => {
  const setting = { mode: false, options: { seconds: 5 } };
  const text = policyFile({ mode, policy: { extends: 'strict', fixes: false, rules: { 'pre-stop-sleep': setting } } });
  const loaded = await loadPolicy(text, rules);
  expect(loaded).toMatchObject({ policy: { mode: ceiling } });
  expect(text).toContain('pre-stop-sleep:\n    mode: false\n    options:\n      seconds: 5\n');
});

test('takes namespaces, exemptions and further kinds along', async () => {
  const match = { namespaces: ['kube-system'], workloads: ['DaemonSet/calico-node'], images: ['docker.io/calico/*'] };
  const exemption = { name: 'cni', rules: ['no-host-network'], match, reason: 'it is the network', owner: 'platform' };
  const policy = {
    namespaces: [{ match: { names: ['team-*'], labels: { 'example.com/tier': 'gold' } }, mode: false, fixes: false }],
    exemptions: [{ ...exemption, expires: '2027-03-31' }],
    podTemplates: [
      { group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker', path: 'spec.template' },
    ],
  };
  expect(await loadPolicy(policyFile({ policy }), rules)).toMatchObject({
    policy: {
      namespaces: [{ match: policy.namespaces[0]?.match, mode: 'off', fixes: false }],
      exemptions: [{ ...exemption, expires: '2027-03-31', expiresAt: Date.parse('2027-04-01T00:00:00Z') }],
      podTemplates: [{ kind: 'Worker', path: '/spec/template' }],
    },
  });
});

describe.each(helms)('%s refuses', (helm) => {
  test.each([
    [
      'a workload without its kind',
      {
        exemptions: [
          { name: 'cni', rules: ['*'], match: { workloads: ['calico-node'] }, reason: 'because', owner: 'platform' },
        ],
      },
      expect.stringContaining("at '/policy/exemptions/0/match/workloads/0': 'calico-node' does not match pattern"),
    ],
    [
      'an entry for all namespaces',
      { namespaces: [{ match: {} }] },
      "at '/policy/namespaces/0/match': minProperties: got 0, want 1",
    ],
    [
      'a rule that there is not',
      { rules: { 'pre-stop-slep': {} } },
      "at '/policy/rules': additional properties 'pre-stop-slep' not allowed",
    ],
    [
      'an option that the rule has not',
      { rules: { 'pre-stop-sleep': { options: { second: 1 } } } },
      "at '/policy/rules/pre-stop-sleep/options': additional properties 'second' not allowed",
    ],
    [
      'an option out of range',
      { rules: { 'pre-stop-sleep': { options: { seconds: 0 } } } },
      "at '/policy/rules/pre-stop-sleep/options/seconds': minimum: got 0, want 1",
    ],
    ['a ceiling beside mode', { mode: 'warn' }, "at '/policy': additional properties 'mode' not allowed"],
    [
      'an amount that is none',
      { rules: { 'require-scratch-space': { options: { sizeLimit: '64MB' } } } },
      expect.stringContaining(
        "at '/policy/rules/require-scratch-space/options/sizeLimit': '64MB' does not match pattern",
      ),
    ],
  ])('%s', (_, policy, message) => {
    const [, , problem = '', ...more] = refusal({ policy }, helm).trim().split('\n');
    expect(problem.replace(/^- /, '')).toEqual(message);
    expect(more).toEqual([]);
  });

  test('unknown values', () => {
    expect(refusal({ replica: 3, mode: 'on' }, helm)).toContain("at '': additional properties 'replica' not allowed");
    expect(refusal({ mode: 'on' }, helm)).toContain(
      "at '/mode': value must be one of 'off', 'audit', 'warn', 'enforce', false",
    );
  });
});
