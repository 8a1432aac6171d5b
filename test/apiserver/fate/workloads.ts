import { deployment, pod } from '../support/podwright.ts';

/** One of the workloads that preview is asked about. */
export interface Workload {
  readonly namespace: string;
  readonly object: Stored;
  /** The account that creates it; a person where there is none. */
  readonly account?: string;
  /** What owns it, `Kind/name`: the workload that preview shows. */
  readonly owner?: string;
}

/** The part of an object that the comparison reads. */
export interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

type More = Parameters<typeof pod>[1];

const onHost: More = { spec: { hostNetwork: true } };
const withoutRequests: More = { container: { resources: {} } };
const rootAsWell: More = { container: { securityContext: { runAsUser: 0 } } };
const forWindows = (spec: object): More => ({ ...withoutRequests, spec });
const windowsAffinity = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }] }],
    },
  },
};

const stateful = (name: string, more?: More): Stored => {
  const { spec, ...rest } = deployment(name, 1, more);
  return { ...rest, kind: 'StatefulSet', spec: { ...spec, serviceName: name } } as Stored;
};
const daemon = (name: string, more?: More): Stored => {
  const { spec, ...rest } = deployment(name, 1, more);
  const { replicas: _, ...kept } = spec;
  return { ...rest, kind: 'DaemonSet', spec: kept } as Stored;
};
const replicaSet = (name: string, more?: More): Stored => ({ ...deployment(name, 1, more), kind: 'ReplicaSet' });
const replication = (name: string, more?: More): Stored => {
  const { spec } = deployment(name, 1, more);
  const ofV1 = { ...spec, selector: spec.selector.matchLabels };
  return { apiVersion: 'v1', kind: 'ReplicationController', metadata: { name }, spec: ofV1 } as Stored;
};
const jobSpec = (name: string, more?: More) => {
  const { metadata, spec } = deployment(name, 1, more).spec.template as { metadata?: object; spec: object };
  return { template: { metadata, spec: { ...spec, restartPolicy: 'Never' } } };
};
const job = (name: string, more?: More, further: object = {}): Stored =>
  ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...jobSpec(name, more), ...further } }) as Stored;
const cronJob = (name: string, more?: More, further: object = {}): Stored =>
  ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: jobSpec(name, more) },
      ...further,
    },
  }) as Stored;
const bare = (name: string, more: More = {}): Stored =>
  pod(name, { ...more, metadata: { ...more.metadata, labels: { app: name } } });
const of = (namespace: string, ...objects: Stored[]): Workload[] => objects.map((object) => ({ namespace, object }));

/** The account of an operator in the namespace of its own. */
const listed = 'system:serviceaccount:fate-operators:stock-operator';
const unlisted = 'system:serviceaccount:fate-shop:basket-operator';

/** The namespaces of the comparison; the last one is of an operator. */
export const namespaces = ['fate-shop', 'fate-batch', 'fate-windows', 'fate-operators'] as const;

export const workloads: readonly Workload[] = [
  ...of(
    'fate-shop',
    deployment('good', 2),
    deployment('on-host', 1, onHost),
    deployment('on-host-scaled-down', 0, onHost),
    deployment('root', 1, rootAsWell),
    stateful('without-requests', withoutRequests),
    daemon('agent', onHost),
    replicaSet('replica-set', withoutRequests),
    replication('replication', withoutRequests),
    bare('bare-good'),
    bare('bare-on-host', onHost),
    deployment('exempt-by-workload', 1, { ...onHost, container: { resources: { requests: { memory: '16Mi' } } } }),
    deployment('exempt-by-image', 1, { ...onHost, container: { image: 'registry.example/agent:1' } }),
    deployment('exempt-by-account', 1, { spec: { hostNetwork: true, serviceAccountName: 'agent' } }),
    deployment('exempt-until-yesterday', 1, onHost),
    bare('bare-by-account', { spec: { hostNetwork: true, serviceAccountName: 'agent' } }),
  ),
  ...of(
    'fate-batch',
    job('job-good'),
    job('job', withoutRequests),
    job('job-suspended', withoutRequests, { suspend: true }),
    cronJob('nightly', withoutRequests),
    cronJob('exempt', { container: { resources: { requests: { memory: '16Mi' } } } }),
    cronJob('suspended', withoutRequests, { suspend: true }),
  ),
  ...of(
    'fate-windows',
    deployment('by-spec', 1, forWindows({ os: { name: 'windows' }, nodeSelector: { pool: 'none' } })),
    deployment('by-selector', 1, forWindows({ nodeSelector: { 'kubernetes.io/os': 'windows' } })),
    deployment('by-old-label', 1, forWindows({ nodeSelector: { 'beta.kubernetes.io/os': 'windows' } })),
    deployment('by-affinity', 1, forWindows({ affinity: windowsAffinity })),
    bare('bare-by-selector', forWindows({ nodeSelector: { 'kubernetes.io/os': 'windows' } })),
  ),
  ...[
    { object: deployment('owned', 1, onHost), owner: 'ConfigMap/settings' },
    { object: deployment('owned-root', 1, rootAsWell), owner: 'ConfigMap/settings-root' },
    { object: stateful('basket', withoutRequests), owner: 'Basket/basket', account: unlisted },
    { object: stateful('basket-root', rootAsWell), owner: 'Basket/basket-root', account: unlisted },
    { object: bare('basket-pod', onHost), owner: 'Basket/basket-of-pods', account: unlisted },
    { object: stateful('stock', onHost), owner: 'Stock/stock', account: listed },
    { object: stateful('stock-root', rootAsWell), owner: 'Stock/stock-root', account: listed },
    { object: bare('stock-pod', onHost), owner: 'Stock/stock-of-pods', account: listed },
    { object: bare('stock-pod-denied', withoutRequests), owner: 'Stock/stock-denied', account: listed },
  ].map((owned) => ({ namespace: 'fate-shop', ...owned })),
  ...of('fate-operators', bare('stock-operator', { spec: { serviceAccountName: 'stock-operator' } })),
  ...of('fate-shop', bare('basket-operator', { spec: { serviceAccountName: 'basket-operator' } })),
];
