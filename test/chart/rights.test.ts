import type { V1ClusterRole, V1PolicyRule, V1Role } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { customKinds } from '../../src/manifests/pod-template.ts';
import { only, render } from './support/helm.ts';

const rightsOf = (values: object, kind: 'ClusterRole' | 'Role'): readonly V1PolicyRule[] =>
  only<V1ClusterRole | V1Role>(render(values), kind, 'podwright').rules ?? [];

const certManager = { certificates: { mode: 'cert-manager' } };
const given = { certificates: { mode: 'existing-secret', existingSecret: { name: 'mine', caBundle: 'Q0E=' } } };

const configurations = {
  apiGroups: ['admissionregistration.k8s.io'],
  resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  resourceNames: ['podwright'],
};
const surroundings = { apiGroups: [''], resources: ['limitranges', 'namespaces'], verbs: ['list', 'watch'] };
const workloads = Object.entries({
  '': ['pods', 'podtemplates', 'replicationcontrollers'],
  apps: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  batch: ['cronjobs', 'jobs'],
  'apps.kruise.io': [
    'advancedcronjobs',
    'broadcastjobs',
    'clonesets',
    'daemonsets',
    'statefulsets',
    'uniteddeployments',
  ],
  'apps.openshift.io': ['deploymentconfigs'],
  'argoproj.io': ['rollouts'],
  'jobset.x-k8s.io': ['jobsets'],
  'keda.sh': ['scaledjobs'],
  'leaderworkerset.x-k8s.io': ['leaderworkersets'],
  'serving.knative.dev': ['configurations', 'revisions', 'services'],
});
const beside = Object.entries({
  '': ['resourcequotas', 'serviceaccounts', 'services'],
  autoscaling: ['horizontalpodautoscalers'],
  'networking.k8s.io': ['networkpolicies'],
  policy: ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'rolebindings'],
  'scheduling.k8s.io': ['priorityclasses'],
});
/** Kinds of operators come last. */
const isOfOperators = ([group]: readonly [string, unknown]): boolean => /\./.test(group);
const listed = [...workloads.filter((each) => !isOfOperators(each)), ...beside, ...workloads.filter(isOfOperators)].map(
  ([group, resources]) => ({ apiGroups: [group], resources, verbs: ['list'] }),
);
const lease = { apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
/** The policy is read by name, the last valid one and the status kept by name; of Events there is no name to go by. */
const ofPolicy = [
  { apiGroups: [''], resources: ['configmaps'], resourceNames: ['podwright-policy'], verbs: ['get', 'list', 'watch'] },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: ['podwright-policy-last-valid'],
    verbs: ['get', 'create', 'patch'],
  },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: ['podwright-status', 'podwright-status-counts'],
    verbs: ['get', 'create', 'patch'],
  },
  { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['podwright'], verbs: ['get'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];
const secrets = { apiGroups: [''], resources: ['secrets'] };

test('by default the program lists workloads, and only changes the CA in its own webhook configurations', () => {
  expect(rightsOf({}, 'ClusterRole')).toEqual([
    { ...configurations, verbs: ['get', 'list', 'watch', 'patch'] },
    surroundings,
    ...listed,
  ]);
});

test('in its own namespace it can access only its own objects by name, and create others', () => {
  expect(rightsOf({}, 'Role')).toEqual([
    { ...lease, resourceNames: ['podwright'], verbs: ['get', 'update'] },
    ...ofPolicy,
    { ...secrets, resourceNames: ['podwright-certificate'], verbs: ['get', 'list', 'watch', 'patch'] },
    { ...lease, verbs: ['create'] },
    { ...secrets, verbs: ['create'] },
  ]);
});

test.each([certManager, given])(
  'under %j it changes nothing but its Lease, the last valid policy and the status',
  (values) => {
    expect(rightsOf(values, 'ClusterRole')).toEqual([
      { ...configurations, verbs: ['get', 'list', 'watch'] },
      surroundings,
      ...listed,
    ]);
    expect(rightsOf(values, 'Role')).toEqual([
      { ...lease, resourceNames: ['podwright'], verbs: ['get', 'update'] },
      ...ofPolicy,
      { ...lease, verbs: ['create'] },
    ]);
  },
);

test('it may list every custom kind that it looks for', () => {
  const groups = new Map(workloads);
  const missing = customKinds.filter(
    ({ group, kind }) => !groups.get(group)?.some((resource) => resource === `${kind.toLowerCase()}s`),
  );
  expect(missing).toEqual([]);
});

test('without a scan it cannot read workloads', () => {
  expect(rightsOf({ scan: { enabled: false } }, 'ClusterRole').slice(1)).toEqual([surroundings]);
});

test("the policy's kinds can be listed as well", () => {
  const podTemplates = [
    { group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker', path: 'spec.template' },
  ];
  expect(rightsOf({ policy: { podTemplates } }, 'ClusterRole').slice(2)).toEqual([
    ...listed,
    { apiGroups: ['example.com'], resources: ['workers'], verbs: ['list'] },
  ]);
});

test('the status is neither written, installed nor tested if it is turned off', () => {
  const values = { status: { enabled: false }, rbac: { policyReaders: [{ kind: 'User', name: 'dev' }] } };
  const objects = render(values);
  expect(JSON.stringify(objects)).not.toContain('podwright-status');
  expect(objects.filter(({ metadata }) => metadata.name === 'podwright-test').map(({ kind }) => kind)).toEqual(['Pod']);
});

test('reports can only be written if enabled', () => {
  expect(rightsOf({ reports: { enabled: true } }, 'ClusterRole').at(-1)).toEqual({
    apiGroups: ['openreports.io'],
    resources: ['reports'],
    verbs: ['get', 'list', 'create', 'update', 'delete'],
  });
  expect(rightsOf({ reports: { enabled: true, kind: 'wgpolicyk8s' } }, 'ClusterRole').at(-1)).toEqual({
    apiGroups: ['wgpolicyk8s.io'],
    resources: ['policyreports'],
    verbs: ['get', 'list', 'create', 'update', 'delete'],
  });
});

test('Events in all namespaces can only be created if enabled', () => {
  expect(rightsOf({ events: { enabled: true } }, 'ClusterRole').at(-1)).toEqual({
    apiGroups: [''],
    resources: ['events'],
    verbs: ['create'],
  });
});

test('the role view sees reports, the status, and where Podwright is', () => {
  const { metadata, rules } = only<V1ClusterRole>(render(), 'ClusterRole', 'podwright-view');
  expect(metadata?.labels).toMatchObject({ 'rbac.authorization.k8s.io/aggregate-to-view': 'true' });
  expect(rules).toEqual([
    { apiGroups: ['openreports.io'], resources: ['reports'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['wgpolicyk8s.io'], resources: ['policyreports'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['podtemplates'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: ['get', 'list', 'watch'] },
    { ...configurations, verbs: ['get'] },
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['podwright-status'], verbs: ['get'] },
  ]);
});

test('the test of the release may read the status and the webhook configurations, and nothing else', () => {
  const objects = render();
  expect(only<V1Role>(objects, 'Role', 'podwright-test').rules).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['podwright-status'], verbs: ['get'] },
  ]);
  expect(only<V1ClusterRole>(objects, 'ClusterRole', 'podwright-test').rules).toEqual([
    { ...configurations, verbs: ['get'] },
  ]);
  const subjects = [{ kind: 'ServiceAccount', name: 'podwright-test', namespace: 'podwright-system' }];
  for (const kind of ['RoleBinding', 'ClusterRoleBinding'])
    expect(only(objects, kind, 'podwright-test')).toMatchObject({ subjects });
});

test('readers of the policy may get it, the last valid one, the status, and nothing else', () => {
  const group = { kind: 'Group', name: 'developers', apiGroup: 'rbac.authorization.k8s.io' };
  const objects = render({ rbac: { policyReaders: [group] }, policy: { existingConfigMap: 'mine' } });
  expect(only<V1Role>(objects, 'Role', 'podwright-policy-reader').rules).toEqual([
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['mine', 'mine-last-valid', 'podwright-status'],
      verbs: ['get'],
    },
  ]);
  expect(only(objects, 'RoleBinding', 'podwright-policy-reader')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'podwright-policy-reader' },
    subjects: [group],
  });
});

test('exemptions of teams are read by their name, where they are turned on', () => {
  const ofTeams = { resources: ['configmaps'], resourceNames: ['podwright-exemptions'], verbs: ['list', 'watch'] };
  expect(rightsOf({ selfService: { enabled: true } }, 'ClusterRole').at(-1)).toEqual({ apiGroups: [''], ...ofTeams });
});
