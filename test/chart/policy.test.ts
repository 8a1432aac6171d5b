import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';
import { helms, only, refusal, render } from './support/helm.ts';

const policyFile = (values: object): string =>
  only<{ readonly data: Readonly<Record<string, string>> }>(render(values), 'ConfigMap').data['policy.yaml'] ?? '';

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

describe.each(helms)('%s refuses', (helm) => {
  test.each([
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

  test('values that there are not', () => {
    expect(refusal({ replica: 3, mode: 'on' }, helm)).toContain("at '': additional properties 'replica' not allowed");
    expect(refusal({ mode: 'on' }, helm)).toContain(
      "at '/mode': value must be one of 'off', 'audit', 'warn', 'enforce', false",
    );
  });
});
