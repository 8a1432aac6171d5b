import { expect, test } from 'vitest';
import { subjectOf } from '../../src/subject/pod-subject.ts';

const onWindows = (spec: object): boolean => subjectOf({ pod: { spec } }).onWindows;
const term = (...matchExpressions: object[]) => ({ matchExpressions });
const os = (operator: string, ...values: string[]) => ({ key: 'kubernetes.io/os', operator, values });
const requiring = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const windows = term(os('In', 'windows'), { key: 'disk', operator: 'Exists' });

test.each([
  { os: { name: 'windows' } },
  { nodeSelector: { 'kubernetes.io/os': 'windows' } },
  { nodeSelector: { 'beta.kubernetes.io/os': 'windows' } },
  requiring(windows),
  requiring(windows, term({ key: 'beta.kubernetes.io/os', operator: 'In', values: ['windows'] })),
])('a Pod for Windows: %j', (spec) => {
  expect(onWindows(spec)).toBe(true);
});

test.each([
  {},
  { os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'windows' } },
  { nodeSelector: { 'kubernetes.io/os': 'linux' } },
  requiring(),
  requiring({}),
  requiring(windows, term(os('In', 'linux'))),
  requiring(term(os('In', 'windows', 'linux'))),
  requiring(term(os('In'))),
  requiring(term(os('NotIn', 'windows'))),
  { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ preference: windows }] } } },
])('not for Windows alone: %j', (spec) => {
  expect(onWindows(spec)).toBe(false);
});
