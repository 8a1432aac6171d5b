import type { FastifyInstance } from 'fastify';
import type { Policy } from '../engine/policy.ts';
import { type ClientAuthority, isElecting, openClientAuthority } from './certificate/index.ts';
import type { ServerEvents } from './events/index.ts';
import { type ClusterPolicy, type FiledPolicy, openClusterPolicy, openPolicyFile } from './policy/index.ts';
import type { ClusterScanning } from './scan/index.ts';
import { measureSelfService, openSelfService, type SelfServicePolicy } from './self-service/index.ts';
import type { ServeDependencies } from './serve-dependencies.ts';
import type { ServeOptions } from './serve-options.ts';
import { openServedCluster, type ServedCluster } from './served-cluster.ts';
import { StartupError } from './startup-error.ts';
import { type ClusterStatus, type ObservedServer, openClusterStatus } from './status/index.ts';

/** The policy in force. */
export type PolicySource = FiledPolicy | (ObservedServer['source'] & { close(): void });

/** From the file, or the built-in one. */
export async function openPolicy(
  { policyFile, policyFallback: fallback, pollMs }: ServeOptions,
  { load, builtInPolicy, log, metrics }: ServeDependencies,
): Promise<PolicySource> {
  if (policyFile !== undefined) return openPolicyFile(policyFile, { fallback, load, log, metrics, pollMs });
  metrics.policyLoaded(true);
  metrics.policyInForce(builtInPolicy);
  return { policy: builtInPolicy, since: Date.now(), problems: [], close: () => undefined };
}

/** Replaces the policy of the file when its ConfigMap changes; undefined if that is not wanted. */
export async function followPolicy(
  { policyConfigMap }: ServeOptions,
  source: PolicySource,
  cluster: ServedCluster | undefined,
  { load, log }: ServeDependencies,
): Promise<ClusterPolicy | undefined> {
  if (policyConfigMap === undefined) return undefined;
  if (!isElecting(cluster))
    throw new StartupError('--policy-config-map needs --lease, and --in-cluster or --kubeconfig');
  if (!('take' in source)) throw new StartupError('--policy-config-map needs --policy: the file to start with');
  return openClusterPolicy(policyConfigMap, source, { cluster, load, log });
}

/** Undefined outside a cluster. */
export async function openOwnCluster(
  { cluster: access, election }: ServeOptions,
  dependencies: ServeDependencies,
): Promise<ServedCluster | undefined> {
  if (access !== undefined) return openServedCluster({ access, election }, dependencies);
  if (election !== undefined) throw new StartupError('--lease needs --in-cluster or --kubeconfig');
  return undefined;
}

/** Scans the cluster in the background; undefined if scans are turned off. */
export async function openScan(
  { scan }: ServeOptions,
  cluster: ServedCluster | undefined,
  selfService: SelfServicePolicy | undefined,
  { metrics, log }: ServeDependencies,
): Promise<ClusterScanning | undefined> {
  if (scan === undefined) return undefined;
  if (cluster === undefined || selfService === undefined)
    throw new StartupError('--scan-interval needs --in-cluster or --kubeconfig');
  const { openClusterScan } = await import('./scan/index.ts');
  return openClusterScan(scan, { cluster, selfService, metrics, log });
}

/** Adds the page of the last scan to the monitoring port, if there is one. */
export async function showScan(
  monitoring: FastifyInstance,
  scan: ClusterScanning | undefined,
  cluster: ServedCluster | undefined,
): Promise<void> {
  if (scan?.page === undefined) return;
  const { addScanPage } = await import('./scan/index.ts');
  addScanPage(monitoring, { page: scan.page, election: cluster?.election, namespace: cluster?.namespace });
}

/** Without a cluster, there are no exemptions of teams. */
export async function openExemptions(
  policy: () => Policy,
  cluster: ServedCluster | undefined,
  events: ServerEvents | undefined,
  { readExemptions: read, metrics: { registry }, log }: ServeDependencies,
): Promise<SelfServicePolicy | undefined> {
  if (cluster === undefined) return undefined;
  const { client, metrics } = cluster;
  const onProblems = events?.reject;
  const selfService = await openSelfService({ policy, client, read, metrics, log, onProblems });
  measureSelfService(registry, selfService);
  return selfService;
}

/** Undefined if Events are turned off. */
export async function openEvents(
  { events = false }: ServeOptions,
  cluster: ServedCluster | undefined,
  { metrics, log }: ServeDependencies,
): Promise<ServerEvents | undefined> {
  if (!events) return undefined;
  if (cluster === undefined) throw new StartupError('--events needs --in-cluster or --kubeconfig');
  const { openServerEvents } = await import('./events/index.ts');
  return openServerEvents({ client: cluster.client, registry: metrics.registry, log });
}

/** Undefined if there is no ConfigMap for it. */
export async function openStatus(
  { status }: ServeOptions,
  cluster: ServedCluster | undefined,
  server: ObservedServer,
  { log }: ServeDependencies,
): Promise<ClusterStatus | undefined> {
  if (status === undefined) return undefined;
  if (!isElecting(cluster))
    throw new StartupError('--status-config-map needs --lease, and --in-cluster or --kubeconfig');
  return openClusterStatus(status, server, { cluster, log });
}

/** Undefined if callers need no certificate. */
export async function openClients(
  { clients, pollMs }: ServeOptions,
  onChange: () => void,
  { log }: ServeDependencies,
): Promise<ClientAuthority | undefined> {
  return clients && openClientAuthority(clients.caFile, { log, pollMs, onChange });
}
