import { setTimeout as sleep } from 'node:timers/promises';
import { newestMinor } from '../engine/plan.ts';
import type { Credentials } from './certificate/index.ts';
import { ClosingStack } from './closing-stack.ts';
import { optimizeEarly } from './early-optimization.ts';
import { closeAfterAnswer, listen, usableHost } from './http/index.ts';
import { buildMonitoring } from './monitoring/index.ts';
import { openCertificate } from './open-certificate.ts';
import {
  followPolicy,
  openClients,
  openEvents,
  openExemptions,
  openOwnCluster,
  openPolicy,
  openScan,
  openStatus,
  type PolicySource,
  showScan,
} from './open-parts.ts';
import { watchExemptions } from './policy/index.ts';
import type { SelfServicePolicy } from './self-service/index.ts';
import type { ServeDependencies } from './serve-dependencies.ts';
import type { ServeOptions } from './serve-options.ts';
import { type ServedCluster, surroundingsIn } from './served-cluster.ts';
import { buildApp, replaceCredentials, type WebhookWorld } from './webhook/index.ts';

/** A running server. */
export interface RunningServer {
  /** `https://…` of the webhooks. */
  readonly admission: string;
  /** `http://…` of probes and metrics. */
  readonly monitoring: string;
  /** Drains and closes; resolves when nothing is left. */
  stop(): Promise<void>;
}

/**
 * Starts the webhook server: policy, certificate, cluster version, both ports.
 * @throws StartupError with the problem for the operator to fix.
 */
export async function serve(options: ServeOptions, dependencies: ServeDependencies): Promise<RunningServer> {
  const { log, wait = sleep } = dependencies;
  let isDraining = false;
  // Closed in reverse order, also if startup fails midway.
  await using opened = new ClosingStack();
  const { app, monitoring, source, certificates } = await openParts(options, dependencies, opened, () => isDraining);
  const host = await usableHost(options.host);
  const addresses = {
    admission: await listen(app, host, options.port, '--port'),
    monitoring: await listen(monitoring, host, options.monitoringPort, '--monitoring-port'),
  };
  optimizeEarly();
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

/** Opens everything that the server consists of; neither port listens yet. */
async function openParts(
  options: ServeOptions,
  dependencies: ServeDependencies,
  opened: ClosingStack,
  isDraining: () => boolean,
) {
  const { metrics, log } = dependencies;
  opened.use(metrics);
  const source = opened.use(await openPolicy(options, dependencies));
  const monitoring = buildMonitoring(metrics, () => [
    ...(isDraining() ? ['the server is shutting down'] : []),
    ...(certificates.certificate.expires <= new Date() ? ['the certificate has expired'] : []),
    ...certificates.problems(),
    ...(cluster?.namespaces.problems() ?? []),
    ...(selfService?.problems() ?? []),
  ]);
  opened.use(monitoring);
  const cluster = opened.use(await openOwnCluster(options, dependencies));
  opened.use(await followPolicy(options, source, cluster, dependencies));
  const events = opened.use(await openEvents(options, cluster, dependencies));
  const selfService = opened.use(await openExemptions(() => source.policy, cluster, events, dependencies));
  // Does nothing during startup, which uses the current values anyway.
  let useCredentials = (): void => undefined;
  const onChange = (): void => useCredentials();
  const clients = opened.use(await openClients(options, onChange, dependencies));
  const certificates = opened.use(await openCertificate(options, cluster, onChange, dependencies));
  const credentials = (): Credentials => ({ ...certificates.certificate, clientCa: clients?.ca, limits: options.tls });
  opened.use(watchExemptions(() => source.policy, { registry: metrics.registry, log }));
  const scan = opened.use(await openScan(options, cluster, selfService, dependencies));
  await showScan(monitoring, scan, cluster);
  const status = opened.use(
    await openStatus(options, cluster, { source, certificates, selfService, scan }, dependencies),
  );
  const world = worldOf(source, cluster, selfService);
  const clientNames = options.clients?.names;
  const app = buildApp({
    decide: dependencies.decide,
    load: dependencies.load,
    readExemptions: dependencies.readExemptions,
    world,
    metrics,
    onDecision(decision, policy) {
      status?.count(decision);
      events?.record(decision, policy);
    },
    log,
    tls: credentials(),
    clientNames,
    ...(options.connectionReviews !== undefined && {
      limits: { connectionReviews: options.connectionReviews, connectionMs: 0 },
    }),
  });
  opened.use(app);
  useCredentials = () => {
    metrics.certificateExpires(certificates.certificate.expires);
    replaceCredentials(app, credentials());
  };
  useCredentials();
  return { app, monitoring, source, certificates };
}

/** The known state of the cluster at the time of a request; without a cluster, the newest Kubernetes is assumed. */
function worldOf(
  source: PolicySource,
  cluster: ServedCluster | undefined,
  selfService: SelfServicePolicy | undefined,
): WebhookWorld {
  return {
    at: (namespace) => ({
      ...(cluster === undefined ? { minor: newestMinor, now: Date.now() } : surroundingsIn(cluster, namespace)),
      policy: selfService?.policyIn(namespace) ?? source.policy,
    }),
    settled(namespace, wait) {
      const namespaces = cluster?.namespaces.settled(namespace, wait);
      const exemptions = selfService?.settled(wait.waitMs);
      if (namespaces === undefined && exemptions === undefined) return undefined;
      return Promise.all([namespaces, exemptions]).then(() => undefined);
    },
  };
}
