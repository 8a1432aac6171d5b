import { expect, test } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { SubjectSource } from '../../src/subject/pod-subject.ts';
import { onlyRules } from '../support/policies.ts';

const policy = onlyRules([
  'require-cpu-request',
  'require-memory-request',
  'require-memory-limit',
  'minimum-qos-class',
]);
const amounts = { cpu: '1', memory: '1Gi' };
const containers = [{ name: 'app', image: 'app:1' }];
const spec = { resources: { requests: amounts, limits: amounts }, containers };
const manifest = { pod: { spec }, isAuthored: true };

const messagesOf = (source: SubjectSource, minor?: number, own = policy): string[] =>
  evaluate(source, own, { minor }).findings.map(({ message }) => message);

const missing = [
  'has no memory limit; set resources.limits.memory',
  'requests no cpu; set resources.requests.cpu',
  'requests no memory; set resources.requests.memory',
];

test.each([28, 31, 33])('the API server of 1.%d drops resources of the whole Pod, so they request nothing', (minor) => {
  expect(messagesOf(manifest, minor).toSorted()).toEqual(missing);
});

test.each([34, 36, undefined])('from 1.34 they count, and where the version is not known: %s', (minor) => {
  expect(messagesOf(manifest, minor)).toEqual([]);
});

test('the version of the policy decides', () => {
  expect(messagesOf(manifest, 36, { ...policy, kubernetesMinor: 33 }).toSorted()).toEqual(missing);
  expect(messagesOf(manifest, 33, { ...policy, kubernetesMinor: 34 })).toEqual([]);
});

test('a cluster that has kept them enables them', () => {
  expect(messagesOf({ pod: { spec } }, 33)).toEqual([]);
});

test('a fix fills what their containers do not request, and leaves them as they are', () => {
  const cpu = onlyRules(['require-cpu-request'], { annotate: false });
  const rules = cpu.rules.map((setting) =>
    setting.rule.id === 'require-cpu-request'
      ? { ...setting, fix: true, options: { ...setting.options, default: '100m' } }
      : setting,
  );
  const { patch } = evaluate(manifest, { ...cpu, rules }, { minor: 33 });
  expect(patch).toEqual([{ op: 'add', path: '/spec/containers/0/resources', value: { requests: { cpu: '100m' } } }]);
});
