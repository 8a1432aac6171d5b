import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';
import type { CertificateTiming } from '../../../src/cluster/certificate/certificate-plan.ts';
import type { LeaseTiming } from '../../../src/cluster/lease.ts';
import { type Kubectl, kubectlIn, wanted } from './kubectl.ts';
import { type Replica, startReplica } from './replica.ts';
import { hostName } from './server-process.ts';
import { until } from './until.ts';

/** Quick enough for tests; a certificate is renewed only when that is asked for. */
export const quick = {
  lifeMs: 3600_000,
  renewBeforeMs: 600_000,
  waitMs: 2_000,
  checkEveryMs: 1_000,
  stepMs: 100,
  republishMs: 1_000,
  lease: { durationMs: 3_000, renewMs: 1_000, retryMs: 300 },
} satisfies Timing;

type Timing = CertificateTiming & { readonly lease: LeaseTiming };

/** What the program keeps in its Secret, as far as tests read it. */
export interface StoredSecret {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/** Everything that the chart installs but the Pods, in a namespace of its own; its server processes run beside the tests. */
export interface Installation {
  readonly name: string;
  readonly kubectl: Kubectl;
  /** Starts a replica on the port of the first or second webhook. */
  readonly start: (index: 0 | 1, timing?: Partial<Timing>) => Promise<Replica>;
  readonly secret: () => Promise<StoredSecret>;
  /** The caBundles of all webhooks in PEM, each distinct one once. */
  readonly bundles: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}

const labels = { 'podwright.dev/managed-by': 'podwright' };

/** The replicas may do no more than what the chart grants. */
export const leaseRules = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: ['podwright'], verbs: ['get', 'update'] },
];
const secretRules = [
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  { apiGroups: [''], resources: ['secrets'], resourceNames: ['podwright'], verbs: ['get', 'list', 'watch', 'patch'] },
];

export async function install(name: string): Promise<Installation> {
  const kubectl = await kubectlIn(name);
  const ports = await Promise.all([freePort(), freePort()]);
  const configurations = configurationsOf(name, ports);
  const rights = clusterRightsOf(name);
  const objects = [...configurations, ...rights, ...namespacedObjects(name)];
  await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items: objects }, 'apply', '-f', '-'));
  const folder = await mkdtemp(join(tmpdir(), 'podwright-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const { stdout: token } = await wanted(kubectl('create', 'token', 'podwright'));
  await writeFile(kubeconfig, kubeconfigWith(token.trim()));
  const replicas: Replica[] = [];
  return {
    name,
    kubectl,
    async start(index, timing = {}) {
      const { waitMs, lease, ...others } = { ...quick, ...timing };
      const names = { secret: 'podwright', webhookConfiguration: name };
      const certificate = { ...names, hosts: [hostName], waitMs, timing: others };
      const election = { lease: 'podwright', namespace: name, timing: lease };
      const replica = await startReplica({ cluster: { kubeconfig }, certificate, election, port: ports[index] });
      replicas.push(replica);
      return replica;
    },
    secret: () => kubectl.get<StoredSecret>('secret', 'podwright'),
    async bundles() {
      const { items } = await kubectl.get<{
        items: readonly { webhooks: readonly { clientConfig: { caBundle?: string } }[] }[];
      }>(`mutatingwebhookconfiguration/${name}`, `validatingwebhookconfiguration/${name}`);
      const all = items.flatMap(({ webhooks }) => webhooks.map(({ clientConfig }) => clientConfig.caBundle ?? ''));
      return [...new Set(all)].map((text) => Buffer.from(text, 'base64').toString());
    },
    async remove() {
      await Promise.all(replicas.map(({ end }) => end('SIGKILL')));
      const list = { apiVersion: 'v1', kind: 'List', items: [...configurations, ...rights] };
      await wanted(kubectl.send(list, 'delete', '--ignore-not-found', '-f', '-'));
      await rm(folder, { recursive: true });
    },
  };
}

export async function untilReady(...replicas: readonly Replica[]): Promise<void> {
  for (const { readiness } of replicas)
    await until('the replica to be ready', async () => (await readiness()) === 'ok', 20);
}

function namespacedObjects(namespace: string): object[] {
  const metadata = { name: 'podwright', namespace };
  const subjects = [{ kind: 'ServiceAccount', ...metadata }];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { ...metadata, labels } },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: {} },
    ...['secret', 'lease'].flatMap((kind) => {
      const metadata = { name: `podwright-${kind}`, namespace };
      const rules = kind === 'secret' ? secretRules : leaseRules;
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name };
      return [
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata, roleRef, subjects },
      ];
    }),
  ];
}

function clusterRightsOf(name: string): object[] {
  const rule = {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    resourceNames: [name],
    verbs: ['get', 'list', 'watch', 'patch'],
  };
  const watched = { apiGroups: [''], resources: ['namespaces', 'limitranges'], verbs: ['list', 'watch'] };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const subjects = [{ kind: 'ServiceAccount', name: 'podwright', namespace: name }];
  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: [rule, watched] },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects },
  ];
}

/** The first replica mutates and evaluates workloads, the second evaluates Pods; both must answer. */
function configurationsOf(name: string, [first, second]: readonly [number, number]): object[] {
  const webhook = (of: string, port: number, path: string, resource: string) => ({
    name: `${of}.podwright.dev`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
    clientConfig: { url: `https://${hostName}:${port}${path}` },
    rules: [{ apiGroups: ['', 'batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] }],
  });
  const shared = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name } };
  const evaluating = [
    webhook('pods.validate', second, '/validate', 'pods'),
    webhook('workloads.validate', first, '/validate', 'jobs'),
  ];
  return [
    { ...shared, kind: 'MutatingWebhookConfiguration', webhooks: [webhook('mutate', first, '/mutate', 'pods')] },
    { ...shared, kind: 'ValidatingWebhookConfiguration', webhooks: evaluating },
  ];
}

/** A kubeconfig for the cluster with the token as its only credential. */
export function kubeconfigWith(token: string): string {
  const kubeconfig = parse(inject('kubeconfig')) as { users: { user: object }[] };
  for (const entry of kubeconfig.users) entry.user = { token };
  return stringify(kubeconfig);
}

/** One that no outgoing connection is given in the meantime. */
async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
  return isFree ? port : freePort();
}
