import { expect, test } from 'vitest';
import { statusChecks, webhookChecks } from '../../src/status/checks.ts';
import type { Status, WebhookStates } from '../../src/status/status.ts';
import { webhookStates } from '../../src/status/webhook-state.ts';

const now = '2026-11-29T10:30:00Z';

const webhook = (name: string, failurePolicy = 'Ignore', coversPods = true) => ({
  name: `${name}.podwright.dev`,
  failurePolicy,
  hasCaBundle: true,
  coversPods,
});
const webhooksOf = (failurePolicy: string): WebhookStates => ({
  mutating: [webhook('mutate')],
  validating: [webhook('pods.validate', failurePolicy), webhook('workloads.validate', 'Ignore', false)],
});
const under = (mode: Status['policy']['mode'], modes: Status['modes'] = {}) => ({
  policy: { hash: 'abc', mode, inForceSince: '', problems: [] },
  modes,
});
const told = (checks: ReturnType<typeof webhookChecks>): string[] =>
  checks.map(({ level, message }) => `${level}: ${message}`);

test.each([
  ['Fail', under('enforce')],
  ['Ignore', under('audit', { audit: 3 })],
  ['Ignore', undefined],
])('webhooks with %s are fine under %j', (failurePolicy, status) => {
  expect(webhookChecks(webhooksOf(failurePolicy), status)).toEqual([]);
});

test('missing webhook configurations are problems', () => {
  expect(told(webhookChecks({ mutating: null, validating: null }, under('enforce')))).toEqual([
    'problem: the mutating webhook configuration podwright is missing, so no Pod is repaired; restore it with helm upgrade, or kubectl apply',
    'problem: the validating webhook configuration podwright is missing, so no Pod is validated; restore it with helm upgrade, or kubectl apply',
  ]);
});

test('configurations that are not called for Pods, or cannot be, are problems', () => {
  const webhooks = {
    mutating: [webhook('mutate', 'Ignore', false)],
    validating: [{ ...webhook('pods.validate'), hasCaBundle: false }],
  };
  expect(told(webhookChecks(webhooks, under('audit')))).toEqual([
    'problem: the mutating webhook configuration podwright does not apply to new Pods, so no Pod is repaired; restore it with helm upgrade, or kubectl apply',
    'problem: pods.validate.podwright.dev has no CA bundle, so the API server cannot call it; the log of the leader shows why',
  ]);
});

test('to fail open under enforce is a warning, and where only some namespaces are enforced, a note', () => {
  const webhooks = webhooksOf('Ignore');
  expect(told(webhookChecks(webhooks, under('enforce', { enforce: 5 })))).toEqual([
    'warning: pods.validate.podwright.dev has failurePolicy Ignore although the mode is enforce, so Pods are admitted without validation while Podwright does not answer; set mode, or webhooks.pods.failurePolicy, in the values of the chart',
  ]);
  expect(told(webhookChecks(webhooks, under('audit', { audit: 5, enforce: 1 })))).toEqual([
    'note: pods.validate.podwright.dev has failurePolicy Ignore, so in 1 enforced namespace, too, Pods are admitted without validation while Podwright does not answer',
  ]);
});

const status: Status = {
  version: 1,
  written: '',
  podwright: '0.1.0',
  replicas: { ready: 2, desired: 2 },
  policy: under('audit').policy,
  certificate: { expires: '2026-12-29T00:00:00Z', problems: [] },
  webhooks: webhooksOf('Ignore'),
  scan: null,
  lastDay: { since: '2026-11-28T12:00:00Z', allowed: 0, denied: 0, repaired: 0, wouldDeny: 0 },
  exemptions: [],
  omittedExemptions: 0,
  modes: {},
  namespaces: [],
  omittedNamespaces: 0,
};

test('a status is checked for its age, its policy, its certificate and its replicas', () => {
  expect(statusChecks(status, { now, minutes: 4 })).toEqual([]);
  expect(told(statusChecks(status, { now, minutes: 5 }))).toEqual([
    'problem: the status is 5 minutes old, so there is no leader, or it cannot write it; see its log',
  ]);
  const bad: Status = {
    ...status,
    replicas: { ready: 1, desired: 2 },
    policy: { ...status.policy, problems: ['policy.yaml:1:1: mode: required', 'another', 'a third'] },
    certificate: { expires: '2026-11-29T10:30:00Z', problems: ['the caBundle does not match the certificate'] },
  };
  expect(told(statusChecks(bad, { now, minutes: 0 }))).toEqual([
    'problem: the policy is invalid, so the last valid one stays in force: policy.yaml:1:1: mode: required; and 2 more',
    'problem: the certificate expired at 2026-11-29T10:30:00Z, so the API server cannot call Podwright',
    'problem: the caBundle does not match the certificate',
    'note: 1 of 2 replicas are ready',
  ]);
});

test.each([
  [true, { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }],
  [true, { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
  [true, { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['*/*'] }],
  [false, { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['*'] }],
  [false, { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['pods'] }],
  [false, { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods/ephemeralcontainers'] }],
  [false, {}],
])('whether a webhook applies to new Pods is %s for %j', (coversPods, rule) => {
  const named = { name: 'a', admissionReviewVersions: ['v1'], sideEffects: 'None' };
  const webhooks = [{ ...named, clientConfig: {}, rules: [rule] }];
  expect(webhookStates({ webhooks })).toEqual([{ name: 'a', failurePolicy: 'Fail', hasCaBundle: false, coversPods }]);
});

test('a configuration may be missing, or have no webhooks', () => {
  expect(webhookStates(undefined)).toBe(null);
  expect(webhookStates({})).toEqual([]);
});
