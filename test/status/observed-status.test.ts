import { expect, test } from 'vitest';
import type { Exemption } from '../../src/engine/exemption.ts';
import { type DayCounts, noCounts } from '../../src/status/day-counts.ts';
import { type Observation, observedStatus } from '../../src/status/observed-status.ts';
import { summaryLines } from '../../src/status/summary.ts';
import { openPolicy } from '../support/policies.ts';

const now = Date.parse('2026-11-29T10:30:00Z');
const day = 24 * 3600_000;

const exemption = (name: string, days?: number): Exemption => ({
  name,
  rules: ['*'],
  match: {},
  reason: 'measures the node',
  owner: 'team-a',
  ...(days !== undefined && {
    expires: new Date(now + days * day).toISOString().slice(0, 10),
    expiresAt: now + days * day,
  }),
});

const webhook = (name: string, resource: string, failurePolicy?: 'Ignore') => ({
  name,
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { caBundle: 'Q0E=' },
  ...(failurePolicy && { failurePolicy }),
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] }],
});

const counts: DayCounts = new Map([
  [now - day, new Map([['shop', { ...noCounts, allowed: 2 }]])],
  [
    now,
    new Map([
      ['shop', { allowed: 1, denied: 0, repaired: 1, wouldDeny: 3 }],
      ['gone', { ...noCounts, denied: 4 }],
    ]),
  ],
]);

const observation: Observation = {
  now,
  written: '2026-11-29T10:30:00Z',
  podwright: '0.1.0',
  replicas: { ready: 1, desired: 2 },
  policy: {
    ...openPolicy,
    rules: [],
    hash: 'abc',
    mode: 'audit',
    exemptions: [exemption('cni'), exemption('node', 1.5)],
  },
  inForceSince: '2026-11-29T10:00:00Z',
  policyProblems: [],
  certificate: { expires: '2026-12-29T00:00:00Z', problems: [] },
  configurations: {
    mutating: { webhooks: [webhook('mutate.podwright.dev', 'pods', 'Ignore')] },
    validating: undefined,
  },
  scan: null,
  counts,
  since: '2026-11-28T12:00:00Z',
  namespaces: ['kube-system', 'shop', 'data'],
  modeOf: (name) => (name === 'kube-system' ? 'excluded' : 'audit'),
};

test('the status of an installation', () => {
  expect(observedStatus(observation, undefined)).toEqual({
    version: 1,
    written: '2026-11-29T10:30:00Z',
    podwright: '0.1.0',
    replicas: { ready: 1, desired: 2 },
    policy: { hash: 'abc', mode: 'audit', inForceSince: '2026-11-29T10:00:00Z', problems: [] },
    certificate: { expires: '2026-12-29T00:00:00Z', problems: [] },
    webhooks: {
      mutating: [{ name: 'mutate.podwright.dev', failurePolicy: 'Ignore', hasCaBundle: true, coversPods: true }],
      validating: null,
    },
    scan: null,
    lastDay: { since: '2026-11-28T12:00:00Z', allowed: 3, denied: 4, repaired: 1, wouldDeny: 3 },
    exemptions: [
      { name: 'node', owner: 'team-a', reason: 'measures the node', expires: '2026-11-30', daysLeft: 2 },
      { name: 'cni', owner: 'team-a', reason: 'measures the node', expires: null, daysLeft: null },
    ],
    omittedExemptions: 0,
    modes: { excluded: 1, audit: 2 },
    namespaces: [
      { name: 'shop', mode: 'audit', allowed: 3, denied: 0, repaired: 1, wouldDeny: 3 },
      { name: 'data', mode: 'audit', allowed: 0, denied: 0, repaired: 0, wouldDeny: 0 },
    ],
    omittedNamespaces: 0,
  });
});

test('reads as one line per fact', () => {
  const problems = ['policy.yaml:4:1: controlers: unknown key', 'policy.yaml:5:1: mode: required'];
  const scan = { ended: '2026-11-29T10:00:00Z', workloads: 58, findings: { enforce: 0, warn: 3, audit: 40 } };
  const status = observedStatus({ ...observation, policyProblems: problems, scan }, undefined);
  expect(summaryLines(status)).toEqual([
    'version: 0.1.0',
    'replicas: 1 of 2 ready',
    'policy: abc, mode audit, in force since 2026-11-29T10:00:00Z',
    'the policy is invalid, so the last valid one stays in force: policy.yaml:4:1: controlers: unknown key; and 1 more',
    'certificate: expires 2026-12-29T00:00:00Z',
    'mutating webhooks: mutate.podwright.dev (Ignore)',
    'validating webhooks: missing',
    'last scan: 2026-11-29T10:00:00Z, 58 workloads, findings: 0 enforce, 3 warn, 40 audit',
    'requests since 2026-11-28T12:00:00Z: 3 allowed, 4 denied, 1 repaired, 3 would be denied',
    'namespaces: 2 audit, 1 excluded',
    'exemptions: 2, the next to end is node (2 days left)',
    'written: 2026-11-29T10:30:00Z',
  ]);
});

test('a new leader keeps what it cannot know: since when the policy is in force, and the last scan', () => {
  const scan = { ended: '2026-11-29T10:00:00Z', workloads: 58, findings: { enforce: 0, warn: 3, audit: 40 } };
  const previous = observedStatus({ ...observation, inForceSince: '2026-11-01T00:00:00Z', scan }, undefined);
  expect(observedStatus(observation, previous)).toEqual(previous);
  const other = { ...observation, policy: { ...observation.policy, hash: 'def' } };
  expect(observedStatus(other, previous).policy.inForceSince).toBe('2026-11-29T10:00:00Z');
});

test('stays below 256 KiB with 5,000 namespaces and many exemptions, and counts the omitted ones', () => {
  const names = Array.from(
    { length: 5_000 },
    (_, index) => `namespace-with-a-very-long-name-${'x'.repeat(26)}-${index}`,
  );
  const exemptions = Array.from({ length: 500 }, (_, index) => ({ ...exemption(`${index}`), reason: 'r'.repeat(999) }));
  const status = observedStatus(
    {
      ...observation,
      namespaces: names,
      modeOf: (name) => (name.endsWith('-4999') ? 'enforce' : 'audit'),
      counts: new Map([[now, new Map([[names[4_998] ?? '', { ...noCounts, denied: 1 }]])]]),
      policyProblems: Array.from({ length: 100 }, () => 'p'.repeat(10_000)),
      policy: { ...observation.policy, exemptions },
    },
    undefined,
  );
  expect(status.namespaces.slice(0, 3).map(({ name }) => name.slice(-5))).toEqual(['-4998', '-4999', 'xxx-0']);
  expect(status.namespaces.length + status.omittedNamespaces).toBe(5_000);
  expect(status.exemptions.length + status.omittedExemptions).toBe(500);
  expect(status.modes).toEqual({ audit: 4_999, enforce: 1 });
  expect(status.namespaces.length).toBeGreaterThan(1_000);
  expect(JSON.stringify(status).length + summaryLines(status).join('\n').length).toBeLessThan(200 * 1024);
});
