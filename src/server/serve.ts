import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { newestMinor } from '../engine/plan.ts';
import type { Policy } from '../engine/policy.ts';
import {
  type CertificateSource,
  type ClientAuthority,
  type Credentials,
  checkKeyPair,
  type ElectingCluster,
  makeSelfSigned,
  openCertificateFiles,
  openClientAuthority,
  openClusterCertificate,
  type ServingCertificate,
} from './certificate/index.ts';
import { ClosingStack } from './closing-stack.ts';
import type { DecisionEvents } from './events/index.ts';
import { closeAfterAnswer, listen, usableHost } from './http/index.ts';
import { buildMonitoring, type Metrics } from './monitoring/index.ts';
import {
  type ClusterPolicy,
  type FiledPolicy,
  type LoadPolicy,
  openClusterPolicy,
  openPolicyFile,
  watchExemptions,
} from './policy/index.ts';
import type { BackgroundScan } from './scan/index.ts';
import {
  measureSelfService,
  openSelfService,
  type ReadTeamExemptions,
  type SelfServicePolicy,
} from './self-service/index.ts';
import type { SelfSignedOptions, ServeOptions } from './serve-options.ts';
import { openServedCluster, type ServedCluster, surroundingsIn } from './served-cluster.ts';
import { StartupError } from './startup-error.ts';
import { type ClusterStatus, type ObservedServer, openClusterStatus } from './status/index.ts';
import { buildApp, replaceCredentials, type WebhookDependencies, type WebhookWorld } from './webhook/index.ts';

export interface ServeDependencies {
  readonly decide: WebhookDependencies['decide'];
  readonly load: LoadPolicy;
  readonly readExemptions: ReadTeamExemptions;
  readonly builtInPolicy: Policy;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Waits for the shutdown delay; a test ends it when it has seen enough. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** A running server. */
export interface Serving {
  /** `https://…` of the webhooks. */
  readonly admission: string;
  /** `http://…` of probes and metrics. */
  readonly monitoring: string;
  /** Drains and closes; resolves when nothing is left. */
  stop(): Promise<void>;
}

/** The policy in force. */
type PolicySource = FiledPolicy | (ObservedServer['source'] & { close(): void });

/**
 * Starts the webhook server: policy, certificate, cluster version, both ports.
 * @throws StartupError with the problem for the operator to fix.
 */
export async function serve(options: ServeOptions, dependencies: ServeDependencies): Promise<Serving> {
  const { decide, load, readExemptions, metrics, log, wait = sleep } = dependencies;
  // Closed in reverse order, also if startup fails midway.
  await using opened = new ClosingStack();
  opened.defer(() => metrics.close());
  const source = await openPolicy(options, dependencies);
  opened.defer(() => source.close());
  let isDraining = false;
  const monitoring = buildMonitoring(metrics, () => [
    ...(isDraining ? ['the server is shutting down'] : []),
    ...(certificates.certificate.expires <= new Date() ? ['the certificate has expired'] : []),
    ...certificates.problems(),
    ...(cluster?.namespaces.problems() ?? []),
    ...(selfService?.problems() ?? []),
  ]);
  opened.defer(() => monitoring.close());
  const cluster = await openCluster(options, dependencies);
  opened.defer(() => cluster?.close());
  const clusterPolicy = await followPolicy(options, source, cluster, dependencies);
  opened.defer(() => clusterPolicy?.close());
  const selfService = await openExemptions(() => source.policy, cluster, dependencies);
  opened.defer(() => selfService?.close());
  // Does nothing during startup, which uses the current values anyway.
  let useCredentials = (): void => undefined;
  const onChange = (): void => useCredentials();
  const clients = await openClients(options, onChange, dependencies);
  opened.defer(() => clients?.close());
  const certificates = await openCertificate(options, cluster, onChange, dependencies);
  opened.defer(() => certificates.close());
  const credentials = (): Credentials => ({ ...certificates.certificate, clientCa: clients?.ca, limits: options.tls });
  const exemptions = watchExemptions(() => source.policy, { registry: metrics.registry, log });
  opened.defer(() => exemptions.close());
  const scan = await openScan(options, cluster, selfService, dependencies);
  opened.defer(() => scan?.close());
  const events = await openEvents(options, cluster, dependencies);
  opened.defer(() => events?.close());
  const status = await openStatus(options, cluster, { source, certificates, scan }, dependencies);
  opened.defer(() => status?.close());
  const world = worldOf(source, cluster, selfService);
  const clientNames = options.clients?.names;
  const app = buildApp({
    decide,
    load,
    readExemptions,
    world,
    metrics,
    events,
    onDecision: status?.count,
    log,
    tls: credentials(),
    clientNames,
  });
  opened.defer(() => app.close());
  useCredentials = () => {
    metrics.certificateExpires(certificates.certificate.expires);
    replaceCredentials(app, credentials());
  };
  useCredentials();

  const host = await usableHost(options.host);
  const addresses = {
    admission: await listen(app, host, options.port, '--port'),
    monitoring: await listen(monitoring, host, options.monitoringPort, '--monitoring-port'),
  };
  const { hash, mode } = source.policy;
  log.info({ ...addresses, policy: hash, mode, certificateExpires: certificates.certificate.expires }, 'serving');

  const running = opened.move();
  /** The API server keeps using pooled connections for a while: each gets an answer and is then closed. */
  async function drain(): Promise<void> {
    isDraining = true;
    closeAfterAnswer(app.server);
    log.info({ seconds: options.shutdownDelaySeconds }, 'shutting down; requests are still answered');
    await wait(options.shutdownDelaySeconds * 1000);
    await running[Symbol.asyncDispose]();
    log.info('stopped');
  }
  let stopped: Promise<void> | undefined;
  return { ...addresses, stop: () => (stopped ??= drain()) };
}

async function openPolicy(
  { policyFile, policyFallback: fallback, pollMs }: ServeOptions,
  { load, builtInPolicy, log, metrics }: ServeDependencies,
): Promise<PolicySource> {
  if (policyFile !== undefined) return openPolicyFile(policyFile, { fallback, load, log, metrics, pollMs });
  metrics.policyLoaded(true);
  metrics.policyInForce(builtInPolicy);
  return { policy: builtInPolicy, since: Date.now(), problems: [], close: () => undefined };
}

async function followPolicy(
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

/** The known state of the cluster at the time of a request; without a cluster, the newest Kubernetes is assumed. */
function worldOf(
  source: PolicySource,
  cluster: ServedCluster | undefined,
  selfService: SelfServicePolicy | undefined,
): WebhookWorld {
  return {
    at: (namespace) => ({
      policy: selfService?.policyIn(namespace) ?? source.policy,
      ...(cluster === undefined ? { minor: newestMinor, now: Date.now() } : surroundingsIn(cluster, namespace)),
    }),
    settled(namespace, wait) {
      const waits = [cluster?.namespaces.settled(namespace, wait), selfService?.settled(wait.waitMs)];
      const pending = waits.filter((each) => each !== undefined);
      return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
    },
  };
}

async function openCluster(
  { cluster: access, election }: ServeOptions,
  dependencies: ServeDependencies,
): Promise<ServedCluster | undefined> {
  if (access !== undefined) return openServedCluster({ access, election }, dependencies);
  if (election !== undefined) throw new StartupError('--lease needs --in-cluster or --kubeconfig');
  return undefined;
}

async function openScan(
  { scan }: ServeOptions,
  cluster: ServedCluster | undefined,
  selfService: SelfServicePolicy | undefined,
  { metrics, log }: ServeDependencies,
): Promise<BackgroundScan | undefined> {
  if (scan === undefined) return undefined;
  if (cluster === undefined || selfService === undefined)
    throw new StartupError('--scan-interval needs --in-cluster or --kubeconfig');
  const { openClusterScan } = await import('./scan/index.ts');
  return openClusterScan(scan, { cluster, selfService, metrics, log });
}

/** Without a cluster, there are no exemptions of teams. */
async function openExemptions(
  policy: () => Policy,
  cluster: ServedCluster | undefined,
  { readExemptions: read, metrics: { registry }, log }: ServeDependencies,
): Promise<SelfServicePolicy | undefined> {
  if (cluster === undefined) return undefined;
  const selfService = await openSelfService({ policy, client: cluster.client, read, metrics: cluster.metrics, log });
  measureSelfService(registry, selfService);
  return selfService;
}

async function openEvents(
  { events = false }: ServeOptions,
  cluster: ServedCluster | undefined,
  { metrics, log }: ServeDependencies,
): Promise<DecisionEvents | undefined> {
  if (!events) return undefined;
  if (cluster === undefined) throw new StartupError('--events needs --in-cluster or --kubeconfig');
  const { openDecisionEvents } = await import('./events/index.ts');
  return openDecisionEvents({ client: cluster.client, registry: metrics.registry, log });
}

async function openStatus(
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

async function openClients(
  { clients, pollMs }: ServeOptions,
  onChange: () => void,
  { log }: ServeDependencies,
): Promise<ClientAuthority | undefined> {
  return clients && openClientAuthority(clients.caFile, { log, pollMs, onChange });
}

async function openCertificate(
  { certificate, pollMs }: ServeOptions,
  cluster: ServedCluster | undefined,
  onChange: (certificate: ServingCertificate) => void,
  { log }: ServeDependencies,
): Promise<CertificateSource> {
  if ('certFile' in certificate) return openCertificateFiles(certificate, { log, pollMs, onChange });
  if (!('secret' in certificate))
    return { certificate: await selfSigned(certificate), problems: () => [], close: () => undefined };
  if (!isElecting(cluster))
    throw new StartupError('--certificate-secret needs --lease, and --in-cluster or --kubeconfig');
  const placeholder = await selfSigned({ hosts: [] });
  return openClusterCertificate(certificate, { cluster, placeholder, log, onChange });
}

async function selfSigned({ hosts, caFile }: SelfSignedOptions): Promise<ServingCertificate> {
  const now = new Date();
  const made = await makeSelfSigned(hosts, now);
  const result = checkKeyPair(made, now);
  if ('problem' in result) throw new Error(result.problem);
  if (caFile === undefined) return result.certificate;
  await writeFile(caFile, made.ca).catch((error: Error) => {
    throw new StartupError(`cannot write ${caFile}: ${error.message}; choose another file with --self-signed-ca`);
  });
  return result.certificate;
}

const isElecting = (cluster: ServedCluster | undefined): cluster is ElectingCluster =>
  cluster?.election !== undefined && cluster.namespace !== undefined;
