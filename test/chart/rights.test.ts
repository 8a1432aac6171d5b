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
/** The policy is read by name, the last valid one kept by name; of Events there is no name to go by. */
const ofPolicy = [
  { apiGroups: [''], resources: ['configmaps'], resourceNames: ['podwright-policy'], verbs: ['get', 'list', 'watch'] },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: ['podwright-policy-last-valid'],
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

test.each([certManager, given])('under %j it changes nothing but its Lease and the last valid policy', (values) => {
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
});

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

test('the role view sees reports, and where Podwright is', () => {
  const { metadata, rules } = only<V1ClusterRole>(render(), 'ClusterRole', 'podwright-view');
  expect(metadata?.labels).toMatchObject({ 'rbac.authorization.k8s.io/aggregate-to-view': 'true' });
  expect(rules).toEqual([
    { apiGroups: ['openreports.io'], resources: ['reports'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['wgpolicyk8s.io'], resources: ['policyreports'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['podtemplates'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['scheduling.k8s.io'], resources: ['priorityclasses'], verbs: ['get', 'list', 'watch'] },
    { ...configurations, verbs: ['get'] },
  ]);
});

test('readers of the policy may get it, the last valid one, and nothing else', () => {
  const group = { kind: 'Group', name: 'developers', apiGroup: 'rbac.authorization.k8s.io' };
  const objects = render({ rbac: { policyReaders: [group] }, policy: { existingConfigMap: 'mine' } });
  expect(only<V1Role>(objects, 'Role', 'podwright-policy-reader').rules).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['mine', 'mine-last-valid'], verbs: ['get'] },
  ]);
  expect(only(objects, 'RoleBinding', 'podwright-policy-reader')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'podwright-policy-reader' },
    subjects: [group],
  });
});
