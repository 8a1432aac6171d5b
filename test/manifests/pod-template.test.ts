import { describe, expect, test } from 'vitest';
import { embeddedPodsOf } from '../../src/manifests/pod-template.ts';
import { type Pointer, segmentsOf } from '../../src/patch/pointer.ts';

const spec = { containers: [{ name: 'app', image: 'registry.example/app:1.0' }] };

const kinds: readonly (readonly [apiVersion: string, kind: string, podPath: Pointer])[] = [
  ['v1', 'PodTemplate', '/template'],
  ['v1', 'ReplicationController', '/spec/template'],
  ['apps/v1', 'Deployment', '/spec/template'],
  ['apps/v1', 'StatefulSet', '/spec/template'],
  ['apps/v1', 'DaemonSet', '/spec/template'],
  ['apps/v1', 'ReplicaSet', '/spec/template'],
  ['apps/v1beta1', 'Deployment', '/spec/template'],
  ['apps/v1beta2', 'StatefulSet', '/spec/template'],
  ['extensions/v1beta1', 'Deployment', '/spec/template'],
  ['extensions/v1beta1', 'DaemonSet', '/spec/template'],
  ['extensions/v1beta1', 'ReplicaSet', '/spec/template'],
  ['batch/v1', 'Job', '/spec/template'],
  ['batch/v1', 'CronJob', '/spec/jobTemplate/spec/template'],
  ['batch/v1beta1', 'CronJob', '/spec/jobTemplate/spec/template'],
  ['argoproj.io/v1alpha1', 'Rollout', '/spec/template'],
  ['serving.knative.dev/v1', 'Service', '/spec/template'],
  ['serving.knative.dev/v1', 'Configuration', '/spec/template'],
  ['apps.openshift.io/v1', 'DeploymentConfig', '/spec/template'],
  ['jobset.x-k8s.io/v1alpha2', 'JobSet', '/spec/replicatedJobs/0/template/spec/template'],
  ['leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', '/spec/leaderWorkerTemplate/leaderTemplate'],
  ['leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', '/spec/leaderWorkerTemplate/workerTemplate'],
  ['keda.sh/v1alpha1', 'ScaledJob', '/spec/jobTargetRef/template'],
  ['apps.kruise.io/v1alpha1', 'CloneSet', '/spec/template'],
  ['apps.kruise.io/v1beta1', 'StatefulSet', '/spec/template'],
  ['apps.kruise.io/v1alpha1', 'DaemonSet', '/spec/template'],
  ['apps.kruise.io/v1alpha1', 'BroadcastJob', '/spec/template'],
  ['apps.kruise.io/v1alpha1', 'AdvancedCronJob', '/spec/template/jobTemplate/spec/template'],
  ['apps.kruise.io/v1alpha1', 'AdvancedCronJob', '/spec/template/broadcastJobTemplate/spec/template'],
  ['apps.kruise.io/v1alpha1', 'UnitedDeployment', '/spec/template/statefulSetTemplate/spec/template'],
  ['apps.kruise.io/v1alpha1', 'UnitedDeployment', '/spec/template/advancedStatefulSetTemplate/spec/template'],
  ['apps.kruise.io/v1alpha1', 'UnitedDeployment', '/spec/template/cloneSetTemplate/spec/template'],
  ['apps.kruise.io/v1alpha1', 'UnitedDeployment', '/spec/template/deploymentTemplate/spec/template'],
];

const addedByKnative = ['lifecycle', 'terminationGracePeriodSeconds', 'readinessProbe'];

describe('embeddedPodsOf', () => {
  test.each(kinds)('%s %s has a template at %s', (apiVersion, kind, podPath) => {
    const pod = { metadata: { labels: { app: 'web' } }, spec };
    const object = { apiVersion, kind, metadata: { name: 'web' }, ...(nested(podPath, pod) as object) };
    // no controller of Kubernetes makes Pods of these in the end
    const isCustom = kind === 'PodTemplate' || apiVersion.startsWith('apps.kruise.io/');
    const isOfKubernetes = ['v1', 'apps', 'extensions', 'batch'].includes(apiVersion.split('/')[0] ?? '') && !isCustom;
    const workload = { kind, name: 'web', ...(isCustom && { isCustom }), ...(isOfKubernetes && { object }) };
    const completed = apiVersion.startsWith('serving.knative.dev/') ? { completed: addedByKnative } : {};
    expect(embeddedPodsOf(object)).toContainEqual({ source: { pod, workload, ...completed }, podPath });
    expect(embeddedPodsOf(object)).toHaveLength(1);
  });

  test('a Pod is itself, and no workload', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };
    expect(embeddedPodsOf(pod)).toEqual([{ source: { pod }, podPath: '' }]);
  });

  test('a Knative Revision holds the spec of its Pods itself', () => {
    const pod = { apiVersion: 'serving.knative.dev/v1', kind: 'Revision', metadata: { name: 'web-1' }, spec };
    expect(embeddedPodsOf(pod)).toEqual([
      { source: { pod, workload: { kind: 'Revision', name: 'web-1' }, completed: addedByKnative }, podPath: '' },
    ]);
  });

  test('Knative names the containers that have no name', () => {
    const podsOf = (containers: readonly unknown[]) =>
      embeddedPodsOf({
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { template: { spec: { timeoutSeconds: 9, containers } } },
      }).map(({ source }) => source.pod);
    expect(podsOf([{ image: 'a' }])).toEqual([
      { spec: { timeoutSeconds: 9, containers: [{ name: 'user-container', image: 'a' }] } },
    ]);
    expect(podsOf([{ image: 'a' }, { name: 'cache', image: 'b' }, 7])).toEqual([
      {
        spec: {
          timeoutSeconds: 9,
          containers: [{ name: 'user-container-0', image: 'a' }, { name: 'cache', image: 'b' }, 7],
        },
      },
    ]);
  });

  test('a workload with a generated name owns its template under the prefix', () => {
    const object = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { generateName: 'run-' },
      spec: { template: { spec } },
    };
    expect(embeddedPodsOf(object)[0]?.source.workload).toEqual({ kind: 'Job', name: 'run-*', object });
  });

  test('a JobSet has a template for each of its jobs', () => {
    const job = { template: { spec: { template: { spec } } } };
    const object = { apiVersion: 'jobset.x-k8s.io/v1alpha2', kind: 'JobSet', spec: { replicatedJobs: [job, {}, job] } };
    expect(embeddedPodsOf(object).map(({ podPath }) => podPath)).toEqual([
      '/spec/replicatedJobs/0/template/spec/template',
      '/spec/replicatedJobs/2/template/spec/template',
    ]);
  });

  test.each<[string, unknown]>([
    ['a core Service', { apiVersion: 'v1', kind: 'Service', spec: { template: { spec } } }],
    [
      'a Deployment of another group',
      { apiVersion: 'example.com/v1', kind: 'Deployment', spec: { template: { spec } } },
    ],
    ['a kind named like a member of Object', { apiVersion: 'constructor/v1', kind: 'toString' }],
    [
      'a Rollout with a workloadRef',
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { workloadRef: {} } },
    ],
    ['a ReplicationController without template', { apiVersion: 'v1', kind: 'ReplicationController', spec: {} }],
    ['a template without spec', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec: null } } }],
    ['a kind that is no string', { apiVersion: 'v1', kind: true, spec }],
    [
      'a list of jobs that is none',
      { apiVersion: 'jobset.x-k8s.io/v1alpha2', kind: 'JobSet', spec: { replicatedJobs: 3 } },
    ],
    ['no object', 'Pod'],
    ['nothing', undefined],
  ])('%s has no Pod', (_, object) => {
    expect(embeddedPodsOf(object)).toEqual([]);
  });
});

/** The value at the end of a path of objects and, for digits, lists. */
function nested(path: Pointer, value: unknown): unknown {
  return segmentsOf(path).reduceRight(
    (inner, segment) => (/^\d+$/.test(segment) ? [inner] : { [segment]: inner }),
    value,
  );
}
