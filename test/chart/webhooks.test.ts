import type { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { embeddedPodsOf } from '../../src/manifests/pod-template.ts';
import { isThePolicy, webhookConfigurations } from '../apiserver/support/webhook-configurations.ts';
import { only, type Rendered, refusal, render } from './support/helm.ts';

type Configuration = V1MutatingWebhookConfiguration | V1ValidatingWebhookConfiguration;

const webhooksOf = (objects: readonly Rendered[]) =>
  ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap(
    (kind) => only<Configuration>(objects, kind).webhooks ?? [],
  );

const ofPolicy = 'policy.validate.podwright.dev';
/** All but that of the policy itself. */
const ofObjects = (objects: readonly Rendered[]) => webhooksOf(objects).filter(({ name }) => name !== ofPolicy);

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

test('they have a side effect if they create Events', () => {
  const effects = (values: object) => new Set(webhooksOf(render(values)).map(({ sideEffects }) => sideEffects));
  expect([effects({}), effects({ events: { enabled: true } })]).toEqual([new Set(['None']), new Set(['NoneOnDryRun'])]);
});

test('the API server calls the Service, and the caBundle is left empty', () => {
  const service = { name: 'podwright', namespace: 'podwright-system', port: 443 };
  expect(webhooksOf(render()).map(({ clientConfig }) => clientConfig)).toEqual([
    { service: { ...service, path: '/mutate' } },
    { service: { ...service, path: '/validate' } },
    { service: { ...service, path: '/validate' } },
    { service: { ...service, path: '/validate-policy' } },
  ]);
});

test.each(['off', false, 'audit', 'warn'])('in mode %s nothing waits for Podwright', (mode) => {
  expect(failurePolicies({ mode })).toEqual({
    'mutate.podwright.dev': 'Ignore',
    'pods.validate.podwright.dev': 'Ignore',
    'workloads.validate.podwright.dev': 'Ignore',
    'policy.validate.podwright.dev': 'Ignore',
  });
});

test('the policy is validated in the own namespace alone, by its name, and never waits for Podwright', () => {
  const values = {
    mode: 'enforce',
    fullnameOverride: 'mine',
    webhooks: { namespaceSelector: { matchLabels: { a: 'b' } } },
  };
  expect(webhooksOf(render(values)).find(({ name }) => name === ofPolicy)).toMatchObject({
    failurePolicy: 'Ignore',
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'podwright-system' } },
    rules: [{ apiGroups: [''], resources: ['configmaps'], operations: ['CREATE', 'UPDATE', 'DELETE'] }],
    matchConditions: [{ name: 'is-the-policy', expression: isThePolicy('mine-policy') }],
  });
});

test('nor where only some namespaces are enforced', () => {
  const namespaces = [{ match: { names: ['shop'] }, mode: 'enforce' }];
  expect(new Set(Object.values(failurePolicies({ policy: { namespaces } })))).toEqual(new Set(['Ignore']));
});

test('failurePolicy and timeouts can be set', () => {
  const webhooks = {
    mutate: { failurePolicy: 'Fail', timeoutSeconds: 1 },
    pods: { failurePolicy: 'Ignore', timeoutSeconds: 2 },
    workloads: { timeoutSeconds: 10 },
  };
  const set = ofObjects(render({ mode: 'enforce', webhooks }));
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
  expect(ofObjects(render(values)).map(({ namespaceSelector }) => namespaceSelector)).toEqual(
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

describe('a kind of the policy', () => {
  const worker = {
    group: 'example.com',
    versions: ['v1', 'v2'],
    resource: 'workers',
    kind: 'Worker',
    path: 'spec.pod',
  };
  const workloads = (podTemplates: readonly object[]) => ofObjects(render({ policy: { podTemplates } })).at(-1);

  test('is validated, in each of its versions', () => {
    expect(workloads([worker])?.rules?.at(-1)).toEqual({
      apiGroups: ['example.com'],
      apiVersions: ['v1', 'v2'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['workers'],
      scope: 'Namespaced',
    });
  });

  test('has a condition of its own, and the others leave it alone', () => {
    const [known, ...conditions] =
      workloads([worker])
        ?.matchConditions?.toReversed()
        .map(({ expression }) => expression) ?? [];
    expect(known).toMatchInlineSnapshot(
      `"request.resource.resource + "." + request.resource.group != "workers.example.com" || request.operation == "CREATE" || !(type(oldObject) == map && "spec" in oldObject && type(oldObject["spec"]) == map && "pod" in oldObject["spec"] && type(object) == map && "spec" in object && type(object["spec"]) == map && "pod" in object["spec"] && oldObject["spec"]["pod"] == object["spec"]["pod"])"`,
    );
    expect(conditions).toHaveLength(6);
    const start =
      'request.resource.resource + "." + request.resource.group in ["workers.example.com"] || request.operation';
    expect(conditions.filter((expression) => !expression.startsWith(start))).toEqual([]);
  });

  test('can be one of 58', () => {
    const kinds = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...worker, resource: `workers${index}` }));
    expect(workloads(kinds(58))?.matchConditions).toHaveLength(64);
    expect(refusal({ policy: { podTemplates: kinds(59) } })).toContain(
      'an API server takes at most 64 match conditions: 6 of the chart, one for each kind in policy.podTemplates',
    );
  });

  test('with several templates has one condition, which lists cut short', () => {
    const paths = ['spec.pod', 'spec.pools[].pod', 'spec.jobs[].pod'];
    const set = workloads(paths.map((path) => ({ ...worker, path })));
    expect(set?.rules?.filter(({ resources }) => resources?.includes('workers'))).toHaveLength(1);
    expect(set?.matchConditions).toHaveLength(7);
    expect(set?.matchConditions?.at(-1)?.expression.match(/oldObject\S* == object\S+/g)).toEqual([
      'oldObject["spec"]["pod"] == object["spec"]["pod"]',
      'oldObject["spec"]["pools"] == object["spec"]["pools"]',
      'oldObject["spec"]["jobs"] == object["spec"]["jobs"])',
    ]);
  });
});

describe('kinds of operators', () => {
  const workloads = (values: object) => ofObjects(render(values)).at(-1);

  test('are validated in all versions if their groups are named, unless their spec stays the same', () => {
    const set = workloads({ operatorGroups: ['tekton.dev', 'kibana.k8s.elastic.co'] });
    const rule = { apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], scope: 'Namespaced' };
    expect(set?.rules?.slice(-2)).toEqual([
      { ...rule, apiGroups: ['kibana.k8s.elastic.co'], resources: ['kibanas'] },
      {
        ...rule,
        apiGroups: ['tekton.dev'],
        resources: ['pipelineruns', 'pipelines', 'stepactions', 'taskruns', 'tasks'],
      },
    ]);
    const asked = 'request.resource.resource + "." + request.resource.group in ';
    const list =
      '["kibanas.kibana.k8s.elastic.co","pipelineruns.tekton.dev","pipelines.tekton.dev","stepactions.tekton.dev","taskruns.tekton.dev","tasks.tekton.dev"]';
    const own = set?.matchConditions?.find(({ name }) => name === 'operator-kind-changes')?.expression;
    expect(own).toBe(
      `(${asked}${list}) == false || request.operation == "CREATE" || !(has(oldObject.spec) && has(object.spec) && object.spec == oldObject.spec)`,
    );
    const others = set?.matchConditions?.filter(({ expression }) => expression !== own) ?? [];
    expect(others.filter(({ expression }) => !expression.startsWith(`${asked}${list} || `))).toEqual([]);
    expect(others).toHaveLength(6);
  });

  test('of an unknown group are rejected', () => {
    expect(refusal({ operatorGroups: ['example.com'] })).toContain(
      'operatorGroups: example.com is not a group whose kinds Podwright knows; it knows actions.github.com,',
    );
  });
});

test('every validated kind has Pods that can be evaluated', () => {
  const kinds: Readonly<Record<string, string>> = {
    advancedcronjobs: 'AdvancedCronJob',
    broadcastjobs: 'BroadcastJob',
    clonesets: 'CloneSet',
    configurations: 'Configuration',
    cronjobs: 'CronJob',
    daemonsets: 'DaemonSet',
    deploymentconfigs: 'DeploymentConfig',
    deployments: 'Deployment',
    jobs: 'Job',
    jobsets: 'JobSet',
    leaderworkersets: 'LeaderWorkerSet',
    podtemplates: 'PodTemplate',
    replicasets: 'ReplicaSet',
    replicationcontrollers: 'ReplicationController',
    rollouts: 'Rollout',
    scaledjobs: 'ScaledJob',
    services: 'Service',
    statefulsets: 'StatefulSet',
    uniteddeployments: 'UnitedDeployment',
  };
  // a Pod template wherever any kind has one
  const template = { spec: { containers: [] } };
  const job = { spec: { template } };
  const nested = { jobTemplate: job, deploymentTemplate: job };
  const spec = {
    template: { ...template, ...nested },
    jobTemplate: job,
    jobTargetRef: { template },
    replicatedJobs: [{ template: job }],
    leaderWorkerTemplate: { leaderTemplate: template, workerTemplate: template },
  };
  const unknown = ofObjects(render())
    .at(-1)
    ?.rules?.flatMap(({ apiGroups = [], apiVersions = [], resources = [] }) =>
      resources.map((resource) => ({
        apiVersion: [apiGroups[0], apiVersions[0]].filter(Boolean).join('/'),
        kind: kinds[resource],
        metadata: { name: 'x' },
        template,
        spec,
      })),
    )
    .filter((object) => embeddedPodsOf(object).length === 0);
  expect(unknown).toEqual([]);
});

test('exemptions of teams are checked where the webhook for Pods is called, and never wait for Podwright', () => {
  const values = {
    mode: 'enforce',
    selfService: { enabled: true },
    policy: { selfService: { rules: ['no-host-ipc'] } },
  };
  const webhooks = webhooksOf(render(values));
  const [pods, exemptions] = ['pods', 'exemptions'].map((kind) =>
    webhooks.find(({ name }) => name === `${kind}.validate.podwright.dev`),
  );
  expect(exemptions).toMatchObject({
    clientConfig: { service: { path: '/validate-exemptions' } },
    failurePolicy: 'Ignore',
    namespaceSelector: pods?.namespaceSelector,
    rules: [{ apiGroups: [''], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
    matchConditions: [{ name: 'is-of-exemptions', expression: 'request.name == "podwright-exemptions"' }],
  });
  expect(() => render({ policy: values.policy })).toThrow(
    'policy.selfService lets teams write exemptions, but Podwright may not read them: set selfService.enabled',
  );
});
