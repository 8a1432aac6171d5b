import { expect, test } from 'vitest';
import { reportOf } from '../../../src/audit/policy-report.ts';
import type { ScannedSubject } from '../../../src/audit/scanned-subject.ts';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { readSurroundings } from '../../../src/cluster/scan/read-surroundings.ts';
import { type ClusterScanOptions, scanCluster, scanUnder } from '../../../src/cluster/scan/scan-cluster.ts';
import { container, ownedBy, privileged, runningPod, stored, workload } from '../../audit/support/objects.ts';
import { onlyRules } from '../../support/policies.ts';
import { clusterOfPods } from '../support/cluster-of-pods.ts';
import { type FakeAnswer, type FakeApi, startFakeApi } from '../support/fake-api.ts';
import { storedObjects } from '../support/fake-collection.ts';
import { statusOf } from '../support/fake-list.ts';
import { startClusterOf } from '../support/start-cluster.ts';

const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });
const policy = onlyRules(['no-privileged-containers']);
const app = [container('app', privileged)];
const scanOf = (api: FakeApi, more: Partial<ClusterScanOptions> = {}) =>
  scanCluster({ client: openApiClient({ kubeconfig: api.kubeconfig }), policy, surroundings, ...more });
const named = ({ object: { kind, namespace, name }, pods }: ScannedSubject): string =>
  `${kind} ${namespace}/${name} ${pods}`;

async function scanned(api: FakeApi, more: Partial<ClusterScanOptions> = {}) {
  const scan = scanOf(api, more);
  const subjects: string[] = [];
  for await (const subject of scan) subjects.push(named(subject));
  return { subjects, unreadable: scan.unreadable };
}

/** A ReplicaSet and two Pods of a Deployment in each of the namespaces. */
function shops(...namespaces: readonly string[]) {
  const objects = namespaces.map((namespace) => {
    const there = (object: ReturnType<typeof stored>) => ({ ...object, metadata: { ...object.metadata, namespace } });
    const web = workload('apps/v1', 'Deployment', 'web', app);
    const replicas = ownedBy(web, workload('apps/v1', 'ReplicaSet', 'web-1', app));
    const pods = ['a', 'b'].map((suffix) => there(ownedBy(replicas, runningPod(`web-1-${suffix}`, app))));
    return { web: there(web), replicas: there(replicas), pods };
  });
  return {
    '/apis/apps/v1/deployments': storedObjects(
      'Deployment',
      objects.map(({ web }) => web),
    ),
    '/apis/apps/v1/replicasets': storedObjects(
      'ReplicaSet',
      objects.map(({ replicas }) => replicas),
    ),
    '/api/v1/pods': storedObjects(
      'Pod',
      objects.flatMap(({ pods }) => pods),
    ),
  };
}

test('a cluster is rolled up namespace by namespace, whatever the size of a page', async () => {
  const api = await startClusterOf(shops('a', 'a-b', 'a.b', 'b'));
  const progress: unknown[] = [];
  for (const pageSize of [1, 3, 500]) {
    const { subjects, unreadable } = await scanned(api, { pageSize, onProgress: (each) => progress.push(each) });
    expect(subjects).toEqual(['a-b', 'a.b', 'a', 'b'].map((namespace) => `Deployment ${namespace}/web 2`));
    expect(unreadable).toEqual([]);
  }
  expect(progress.slice(0, 2)).toEqual([
    { namespace: 'a-b', namespaces: 1, subjects: 1, objects: 4 },
    { namespace: 'a.b', namespaces: 2, subjects: 2, objects: 8 },
  ]);
});

test.each([
  ['is not listed', [], 'deny', { fail: 1 }],
  ['is listed', ['system:serviceaccount:z:prometheus-operator'], 'allow', { warn: 1 }],
] as const)(
  'what an operator makes that %s fares as at admission, and so does its Report',
  async (_, listed, verdict, summary) => {
    const owner = stored('monitoring.coreos.com/v1', 'Prometheus', 'main');
    const inNamespace = <T extends ReturnType<typeof stored>>(namespace: string, { metadata, ...rest }: T) => ({
      ...rest,
      metadata: { ...metadata, namespace },
    });
    const set = inNamespace('a', ownedBy(owner, workload('apps/v1', 'StatefulSet', 'main', app)));
    const account = { spec: { serviceAccountName: 'prometheus-operator' } };
    // the operator comes after what it makes
    const operator = inNamespace('z', runningPod('operator', [container('app')], account));
    const api = await startClusterOf({
      '/apis/apps/v1/statefulsets': storedObjects('StatefulSet', [set]),
      '/api/v1/pods': storedObjects('Pod', [operator]),
    });
    const seen: unknown[] = [];
    for await (const subject of scanOf(api, { policy: { ...policy, operators: listed } }))
      seen.push([named(subject), subject.verdict, reportOf(subject).report?.summary]);
    expect(seen).toEqual([
      ['Pod z/operator 1', 'allow', undefined],
      ['Prometheus a/main 0', verdict, summary],
    ]);
  },
);

test('excluded namespaces are left out', async () => {
  const api = await startClusterOf(shops('a', 'b'));
  expect(await scanned(api, { isExcluded: (namespace) => namespace === 'a' })).toEqual({
    subjects: ['Deployment b/web 2'],
    unreadable: [],
  });
});

test('of a single namespace nothing else is read', async () => {
  const api = await startFakeApi();
  api.interfere(({ path }) => ({ status: 200, body: path === '/apis' ? { groups: [] } : { items: [] } }));
  await scanned(api, { namespace: 'a' });
  expect(api.requests.map(({ path }) => path).toSorted()).toEqual([
    '/api/v1/namespaces/a/pods',
    '/api/v1/namespaces/a/podtemplates',
    '/api/v1/namespaces/a/replicationcontrollers',
    '/apis',
    '/apis/apps/v1/namespaces/a/daemonsets',
    '/apis/apps/v1/namespaces/a/deployments',
    '/apis/apps/v1/namespaces/a/replicasets',
    '/apis/apps/v1/namespaces/a/statefulsets',
    '/apis/batch/v1/namespaces/a/cronjobs',
    '/apis/batch/v1/namespaces/a/jobs',
  ]);
});

test('forbidden resources are reported, and the rest is scanned', async () => {
  const api = await startClusterOf(shops('a'), ({ path }) =>
    path === '/api/v1/pods' ? { status: 403, body: statusOf(403, 'pods is forbidden') } : undefined,
  );
  expect(await scanned(api)).toEqual({
    subjects: ['Deployment a/web 0'],
    unreadable: [{ resource: 'pods', message: 'pods is forbidden' }],
  });
});

test('a list that expires on the way goes on', async () => {
  const collections = clusterOfPods(60, { podsEach: 3, eachNamespace: 2 });
  const api = await startClusterOf(collections, ({ path, query }) => {
    if (path === '/api/v1/pods' && query.has('continue') && collections[path].forgotten === 0)
      collections[path].forget();
    return undefined;
  });
  const { subjects } = await scanned(api, { pageSize: 7 });
  expect(subjects).toHaveLength(20);
  expect(subjects.every((subject) => subject.endsWith(' 3'))).toBe(true);
  expect(collections['/api/v1/pods'].forgotten).toBeGreaterThan(0);
});

test('custom kinds are read where they are installed, in a version that has them', async () => {
  const rollout = stored('argoproj.io/v1alpha1', 'Rollout', 'canary', {
    spec: { template: { spec: { containers: app } } },
  });
  const bot = stored('example.com/v1', 'Bot', 'bot', { spec: { pod: { spec: { containers: app } } } });
  const resources = (...kinds: readonly (readonly [string, string])[]) => ({
    status: 200,
    body: { resources: kinds.map(([name, kind]) => ({ name, kind, namespaced: true })) },
  });
  const groups = [
    { name: 'argoproj.io', versions: [{ version: 'v1alpha1' }] },
    { name: 'example.com', versions: [{ version: 'v2' }, { version: 'v1' }], preferredVersion: { version: 'v2' } },
    { name: 'broken.example.com', versions: [{ version: 'v1' }] },
    { name: 'other.example.com', versions: [{ version: 'v1' }] },
    { name: 'apps.openshift.io', versions: [{ version: 'v1' }] },
    { name: 'keda.sh', versions: [{ version: 'v1alpha1' }] },
  ];
  const answers: Record<string, FakeAnswer> = {
    '/apis': { status: 200, body: { groups } },
    '/apis/argoproj.io/v1alpha1': resources(
      ['rollouts', 'Rollout'],
      ['rollouts/status', 'Rollout'],
      ['workflows', 'W'],
    ),
    '/apis/example.com/v2': resources(['others', 'Other']),
    '/apis/example.com/v1': resources(['bots', 'Bot']),
    '/apis/apps.openshift.io/v1': { status: 503, body: statusOf(503, 'its server is down') },
    '/apis/keda.sh/v1alpha1': { status: 404, body: statusOf(404, 'it is going') },
    '/apis/broken.example.com/v1': resources(['widgets', 'Widget']),
    '/apis/broken.example.com/v1/widgets': { status: 400, body: statusOf(400, 'conversion failed') },
  };
  const api = await startClusterOf(
    {
      ...shops('shop'),
      '/apis/argoproj.io/v1alpha1/rollouts': storedObjects('Rollout', [rollout]),
      '/apis/example.com/v1/bots': storedObjects('Bot', [bot]),
    },
    ({ path }) => answers[path],
  );
  const podTemplates = [
    { group: 'example.com', versions: ['v1'], resource: 'bots', kind: 'Bot', path: '/spec/pod' },
    { group: 'broken.example.com', versions: ['v1'], resource: 'widgets', kind: 'Widget', path: '/spec' },
  ] as const;
  expect(await scanned(api, { policy: { ...policy, podTemplates } })).toEqual({
    subjects: ['Bot shop/bot 0', 'Deployment shop/web 2', 'Rollout shop/canary 0'],
    unreadable: [
      { resource: '*.apps.openshift.io', message: 'its server is down' },
      { resource: 'widgets.broken.example.com', message: 'conversion failed' },
    ],
  });
  expect(api.requests.filter(({ path }) => path.startsWith('/apis/other'))).toEqual([]);
  answers['/apis/broken.example.com/v1/widgets'] = { status: 401, body: statusOf(401, 'Unauthorized') };
  await expect(scanned(api, { policy: { ...policy, podTemplates } })).rejects.toMatchObject({ status: 401 });
});

test('several policies see the same subjects', async () => {
  const api = await startClusterOf(shops('a'));
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const rows: unknown[] = [];
  for await (const row of scanUnder([policy, onlyRules([])], { client, surroundings }))
    rows.push(row.map((subject) => [named(subject), subject.verdict]));
  expect(rows).toEqual([
    [
      ['Deployment a/web 2', 'deny'],
      ['Deployment a/web 2', 'allow'],
    ],
  ]);
});

test('a scan without credentials fails; one that is stopped ends at once', async () => {
  const refusing = await startClusterOf({}, () => ({ status: 401, body: statusOf(401, 'Unauthorized') }));
  await expect(scanned(refusing)).rejects.toMatchObject({ status: 401 });
  const api = await startClusterOf(clusterOfPods(100_000, { podsEach: 10, eachNamespace: 10 }));
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('enough')), 300);
  // At this pace it is asleep by then, for longer than a test may take.
  const pace = { sliceMs: 1, share: 1e-5 };
  await expect(scanned(api, { signal: stop.signal, pace })).rejects.toThrow('enough');
});

test('the surroundings of all namespaces, or of one, are read', async () => {
  const limits = [{ type: 'Container', default: { memory: '1Gi' } }];
  const api = await startFakeApi({
    '/api/v1/namespaces': storedObjects('Namespace', [{ metadata: { name: 'shop', labels: { team: 'a' } } }]),
    '/api/v1/limitranges': storedObjects('LimitRange', [
      { metadata: { name: 'limits', namespace: 'shop' }, spec: { limits } },
    ]),
  });
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const all = await readSurroundings(client, { minor: 30, now: 1 });
  expect([all.now, all.unreadable]).toEqual([1, []]);
  expect([all.at('shop'), all.at('other')]).toEqual([
    {
      minor: 30,
      now: 1,
      namespaceLabels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' },
      limitDefaults: [{ limits: { memory: '1Gi' }, requests: { memory: '1Gi' } }],
    },
    { minor: 30, now: 1, namespaceLabels: undefined, limitDefaults: [] },
  ]);
  api.interfere(({ path }) =>
    path === '/api/v1/namespaces/shop' ? { status: 200, body: { metadata: { name: 'shop' } } } : { status: 403 },
  );
  const one = await readSurroundings(client, { minor: 30, now: 1, namespace: 'shop' });
  expect(one.at('shop').namespaceLabels).toEqual({ 'kubernetes.io/metadata.name': 'shop' });
  expect(one.unreadable).toEqual([{ resource: 'limitranges', message: 'the fake answers 403' }]);
});
