import type { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { webhookConfigurations } from '../apiserver/support/webhook-configurations.ts';
import { only, type Rendered, render } from './support/helm.ts';

type Configuration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

const webhooksOf = (objects: readonly Rendered[]) =>
  ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap(
    (kind) => only<Configuration>(objects, kind).webhooks ?? [],
  );

const failurePolicies = (values: object): Record<string, string | undefined> =>
  Object.fromEntries(webhooksOf(render(values)).map(({ name, failurePolicy }) => [name, failurePolicy]));

test.each([
  ['audit', false],
  ['enforce', true],
])('in mode %s they are those that an API server has been tried with', (mode, enforce) => {
  const proven = webhookConfigurations({ url: 'https://x', caBundle: '', enforce }).flatMap(({ webhooks }) => webhooks);
  const comparable = (webhook: object) => ({ ...webhook, clientConfig: 0, namespaceSelector: 0, objectSelector: 0 });
  expect(webhooksOf(render({ mode })).map(comparable)).toEqual(proven.map((webhook) => comparable(webhook ?? {})));
});

test('the API server calls the Service, and nothing is said of whom it trusts', () => {
  const service = { name: 'podwright', namespace: 'podwright-system', port: 443 };
  expect(webhooksOf(render()).map(({ clientConfig }) => clientConfig)).toEqual([
    { service: { ...service, path: '/mutate' } },
    { service: { ...service, path: '/validate' } },
    { service: { ...service, path: '/validate' } },
  ]);
});

test.each(['off', false, 'audit', 'warn'])('in mode %s nothing waits for Podwright', (mode) => {
  expect(failurePolicies({ mode })).toEqual({
    'mutate.podwright.dev': 'Ignore',
    'pods.validate.podwright.dev': 'Ignore',
    'workloads.validate.podwright.dev': 'Ignore',
  });
});

test('failurePolicy and timeouts can be set', () => {
  const webhooks = {
    mutate: { failurePolicy: 'Fail', timeoutSeconds: 1 },
    pods: { failurePolicy: 'Ignore', timeoutSeconds: 2 },
    workloads: { timeoutSeconds: 10 },
  };
  const set = webhooksOf(render({ mode: 'enforce', webhooks }));
  expect(set.map(({ failurePolicy, timeoutSeconds }) => [failurePolicy, timeoutSeconds])).toEqual([
    ['Fail', 1],
    ['Ignore', 2],
    ['Ignore', 10],
  ]);
});

test('kube-system, kube-node-lease and the own namespace are excluded, whatever the values say', () => {
  const matchExpressions = [{ key: 'team', operator: 'Exists' }];
  const values = {
    excludedNamespaces: ['b', 'a', 'kube-system'],
    webhooks: { namespaceSelector: { matchExpressions } },
  };
  const excluded = ['a', 'b', 'kube-node-lease', 'kube-system', 'podwright-system'];
  const expected = {
    matchExpressions: [
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: excluded },
      { key: 'team', operator: 'Exists' },
    ],
  };
  expect(webhooksOf(render(values)).map(({ namespaceSelector }) => namespaceSelector)).toEqual(
    Array.from({ length: 3 }, () => expected),
  );
});

test('what a cluster needs to start is excluded by default', () => {
  const [first] = webhooksOf(render());
  expect(first?.namespaceSelector?.matchExpressions?.[0]?.values).toEqual(
    expect.arrayContaining([
      'calico-system',
      'cilium',
      'kube-flannel',
      'longhorn-system',
      'openebs',
      'rook-ceph',
      'tigera-operator',
    ]),
  );
});
