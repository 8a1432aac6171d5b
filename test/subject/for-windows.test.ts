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
  { nodeSelector: { 'node.kubernetes.io/windows-build': '10.0.20348' } },
  requiring(term({ key: 'node.kubernetes.io/windows-build', operator: 'In', values: ['10.0.20348', '10.0.26100'] })),
  requiring(term({ key: 'node.kubernetes.io/windows-build', operator: 'Exists' })),
  requiring(term(os('NotIn', 'linux'))),
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
  requiring(term(os('DoesNotExist'))),
  requiring(term({ key: 'node.kubernetes.io/windows-build', operator: 'NotIn', values: ['10.0.20348'] })),
  { securityContext: { windowsOptions: { hostProcess: true } } },
  { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ preference: windows }] } } },
])('not for Windows alone: %j', (spec) => {
  expect(onWindows(spec)).toBe(false);
});
