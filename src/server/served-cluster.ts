import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { ApiClient, ClusterAccess } from '../cluster/api/index.ts';
import type { Election, LeaseTiming } from '../cluster/lease.ts';
import type { NamespaceCache } from '../cluster/namespaces/index.ts';
import type { ClusterVersion } from '../cluster/version.ts';
import type { Surroundings } from '../engine/surroundings.ts';
import { type ClusterMetrics, createClusterMetrics, type Metrics } from './monitoring/index.ts';
import { StartupError } from './startup-error.ts';

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

export interface ElectionOptions {
  readonly lease: string;
  /** The name of this Pod, for people; that of the machine if absent. */
  readonly pod?: string | undefined;
  /** The namespace of this Pod if absent. */
  readonly namespace?: string | undefined;
  readonly timing?: Partial<LeaseTiming> | undefined;
}

/** The server's view of its cluster. */
export interface ServedCluster {
  readonly client: ApiClient;
  readonly version: ClusterVersion;
  readonly namespaces: NamespaceCache;
  /** Absent if no Lease is specified: there is no election then. */
  readonly election: Election | undefined;
  /** The server's own namespace; undefined if it is not needed. */
  readonly namespace: string | undefined;
  readonly metrics: ClusterMetrics;
  close(): Promise<void>;
}

/** The current surroundings of the Pods of a namespace. */
export const surroundingsIn = (
  { version, namespaces }: Pick<ServedCluster, 'version' | 'namespaces'>,
  namespace: string,
): Surroundings => ({
  minor: version.minor,
  now: Date.now(),
  namespaceLabels: namespaces.labelsOf(namespace),
  limitDefaults: namespaces.limitDefaultsOf(namespace),
});

/**
 * Starts to watch the cluster without waiting: until it responds, the version and the namespaces are unknown.
 * @throws StartupError if there is a Lease but its namespace cannot be determined.
 */
export async function openServedCluster(
  { access, election: wanted }: { readonly access: ClusterAccess; readonly election: ElectionOptions | undefined },
  { metrics, log }: { readonly metrics: Metrics; readonly log: Logger },
): Promise<ServedCluster> {
  const [{ watchClusterVersion }, { openApiClient }, { openNamespaceCache }] = await Promise.all([
    import('../cluster/version.ts'),
    import('../cluster/api/index.ts'),
    import('../cluster/namespaces/index.ts'),
  ]);
  const clusterMetrics = createClusterMetrics(metrics.registry);
  const namespace = wanted && (wanted.namespace ?? (await ownNamespace()));
  const client = openApiClient(access);
  const version = watchClusterVersion(client, log);
  const namespaces = openNamespaceCache({ client, metrics: clusterMetrics, log });
  const election = wanted && namespace ? await runFor(wanted, namespace, { client, log }) : undefined;
  if (election !== undefined) clusterMetrics.observeElection(election);
  return {
    client,
    version,
    namespaces,
    election,
    namespace,
    metrics: clusterMetrics,
    async close() {
      version.close();
      namespaces.close();
      await election?.close();
    },
  };
}

async function runFor(
  { lease, pod = hostname(), timing }: ElectionOptions,
  namespace: string,
  { client, log }: { readonly client: ApiClient; readonly log: Logger },
): Promise<Election> {
  const { runElection } = await import('../cluster/lease.ts');
  const identity = `${pod}_${randomUUID()}`;
  return runElection({ client, namespace, name: lease, identity, timing, log });
}

async function ownNamespace(): Promise<string> {
  try {
    return (await readFile(namespaceFile, 'utf8')).trim();
  } catch (error) {
    const { message } = error as Error;
    throw new StartupError(`cannot determine the namespace of --lease: ${message}; set POD_NAMESPACE`);
  }
}
