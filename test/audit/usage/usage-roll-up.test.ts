import { expect, test } from 'vitest';
import { type ContainerUsage, openUsageRollUp } from '../../../src/audit/usage/index.ts';
import { kubernetesObject } from '../../../src/manifests/kubernetes-object.ts';
import { container, ownedBy, runningPod, type StoredObject, stored, workload } from '../support/objects.ts';

const usage = (pod: string, more: Partial<ContainerUsage> = {}): ContainerUsage => ({
  pod,
  container: 'app',
  cpu: 0.1,
  memory: 100,
  peakMemory: 100,
  since: 0,
  seconds: 60,
  throttled: undefined,
  ...more,
});

/** The workloads of these objects, as `kind/name: Pods, Pods watched, cpu, seconds` for each container that was used. */
function merged(objects: readonly StoredObject[], all: readonly ContainerUsage[]): string[] {
  const rollUp = openUsageRollUp('shop');
  for (const value of objects) {
    const object = kubernetesObject(value);
    if (object?.kind === 'Pod') rollUp.addPod(object);
    else if (object !== undefined) rollUp.addWorkload(object);
  }
  return rollUp.workloads(all).map(({ kind, name, pods, containers }) => {
    const used = containers.map(({ name: each, usage: own }) =>
      own === undefined ? `${each} unseen` : `${each} ${own.pods} ${own.cpu} ${own.seconds}`,
    );
    return `${kind}/${name}: ${pods}; ${used.join(', ')}`;
  });
}

const app = [container('app')];
const web = workload('apps/v1', 'Deployment', 'web', app);
const replicaSet = ownedBy(web, stored('apps/v1', 'ReplicaSet', 'web-7d4b9c'));
const pod = (owner: StoredObject, name: string, containers = app): StoredObject =>
  ownedBy(owner, runningPod(name, containers));

test('Pods are merged into their top-level owner, by the one that uses most', () => {
  const objects = [web, replicaSet, pod(replicaSet, 'web-7d4b9c-aaaaa'), pod(replicaSet, 'web-7d4b9c-bbbbb')];
  const all = [usage('web-7d4b9c-aaaaa', { cpu: 0.2 }), usage('web-7d4b9c-bbbbb', { since: 30 })];
  expect(merged(objects, all)).toEqual(['Deployment/web: 2; app 2 0.2 90']);
});

test('times without any Pod do not count as watched', () => {
  const db = workload('apps/v1', 'StatefulSet', 'db', app);
  const all = [usage('db-0', { since: 500 }), usage('db-1', { since: 100, seconds: 50 })];
  expect(merged([db, pod(db, 'db-0')], all)).toEqual(['StatefulSet/db: 1; app 2 0.1 110']);
});

const cronJob = stored('batch/v1', 'CronJob', 'report', {
  spec: { jobTemplate: { spec: { template: { spec: { containers: app } } } } },
});
const agent = workload('apps/v1', 'DaemonSet', 'agent', app);
const rollout = stored('argoproj.io/v1alpha1', 'Rollout', 'shop');

test.each([
  ['a current ReplicaSet', [web, replicaSet], 'web-7d4b9c-x2x4z', 'Deployment/web: 0; app 1 0.1 60'],
  ['a ReplicaSet that is gone', [web], 'web-5f6b8d-x2x4z', 'Deployment/web: 0; app 1 0.1 60'],
  ['a DaemonSet', [agent], 'agent-x2x4z', 'DaemonSet/agent: 0; app 1 0.1 60'],
  ['a StatefulSet', [workload('apps/v1', 'StatefulSet', 'db', app)], 'db-12', 'StatefulSet/db: 0; app 1 0.1 60'],
  ['a Job of a CronJob', [cronJob], 'report-29384930-x2x4z', 'CronJob/report: 0; app 1 0.1 60'],
  ['another Deployment', [web], 'web-api-x2x4z', 'Deployment/web: 0; app unseen'],
  ['another Deployment whose name begins alike', [web], 'web-7d4b9c-extra-x2x4z', 'Deployment/web: 0; app unseen'],
])('a Pod that no longer exists, of %s', (_, objects, name, expected) => {
  expect(merged(objects, [usage(name)])).toEqual([expected]);
});

test('a Pod that no longer exists counts for none if its name fits several', () => {
  const job = workload('batch/v1', 'Job', 'agent', app);
  expect(merged([agent, job], [usage('agent-x2x4z')])).toEqual([
    'DaemonSet/agent: 0; app unseen',
    'Job/agent: 0; app unseen',
  ]);
});

test('what an operator’s objects create belongs to the outermost', () => {
  const own = ownedBy(rollout, stored('apps/v1', 'ReplicaSet', 'shop-7d4b9c'));
  expect(merged([own, pod(own, 'shop-7d4b9c-aaaaa')], [usage('shop-7d4b9c-aaaaa')])).toEqual([
    'Rollout/shop: 1; app 1 0.1 60',
  ]);
});

test('the newest Pod says which containers there are; init containers that end are none', () => {
  const older = ownedBy(replicaSet, {
    ...runningPod('web-7d4b9c-aaaaa', [container('old')]),
    metadata: { name: 'web-7d4b9c-aaaaa', namespace: 'shop', uid: 'a', creationTimestamp: '2026-01-01T00:00:00Z' },
  });
  const initContainers = [container('migrate'), container('mesh', { restartPolicy: 'Always' })];
  const newer = ownedBy(replicaSet, {
    ...runningPod('web-7d4b9c-bbbbb', app, { spec: { initContainers } }),
    metadata: { name: 'web-7d4b9c-bbbbb', namespace: 'shop', uid: 'b', creationTimestamp: '2026-02-01T00:00:00Z' },
  });
  expect(merged([web, replicaSet, newer, older], [usage('web-7d4b9c-bbbbb', { container: 'migrate' })])).toEqual([
    'Deployment/web: 2; mesh unseen, app unseen',
  ]);
});

test('what is scaled to zero and was never seen is no workload, nor is a finished Pod one that runs', () => {
  const asleep = workload('apps/v1', 'Deployment', 'asleep', app, { replicas: 0 });
  const job = workload('batch/v1', 'Job', 'once', app);
  const done = ownedBy(job, { ...runningPod('once-x2x4z', app), status: { phase: 'Succeeded' } });
  expect(merged([asleep, job, done], [usage('once-x2x4z')])).toEqual(['Job/once: 0; app 1 0.1 60']);
});

test('a Pod of its own is its own workload', () => {
  expect(merged([runningPod('tool', app)], [usage('tool')])).toEqual(['Pod/tool: 1; app 1 0.1 60']);
});
