import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { newestMinor } from '../engine/judge.ts';
import type { Policy } from '../engine/policy.ts';
import { buildApp, replaceKeyPair } from './app.ts';
import { type CertificateSource, checkKeyPair, openCertificateFiles, type ServingCertificate } from './certificate.ts';
import { closeAfterAnswer } from './connections.ts';
import { listen, usableHost } from './listen.ts';
import type { Metrics } from './metrics.ts';
import { buildMonitoring } from './monitoring.ts';
import { type LoadPolicy, openPolicyFile, type PolicySource } from './policy-file.ts';
import type { SelfSignedOptions, ServeOptions } from './serve-options.ts';
import { StartupError } from './startup-error.ts';
import type { WebhookDependencies } from './webhook-route.ts';

export interface ServeDependencies {
  readonly decide: WebhookDependencies['decide'];
  readonly load: LoadPolicy;
  readonly builtInPolicy: Policy;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** A server that runs. */
export interface Serving {
  /** `https://…` of the webhooks. */
  readonly admission: string;
  /** `http://…` of probes and metrics. */
  readonly monitoring: string;
  /** Drains and closes; resolves when nothing is left. */
  stop(): Promise<void>;
}

/**
 * Starts the webhook server: policy, certificate, cluster version, both ports.
 *
 * @throws StartupError with what its operator is to put right.
 */
export async function serve(options: ServeOptions, dependencies: ServeDependencies): Promise<Serving> {
  const { decide, metrics, log } = dependencies;
  const source = await openPolicy(options, dependencies);
  const useCertificate = (certificate: ServingCertificate): void => {
    metrics.certificateExpires(certificate.expires);
    replaceKeyPair(app, certificate);
  };
  const certificates = await openCertificate(options, useCertificate, dependencies);
  const cluster = options.cluster === undefined ? undefined : await watchCluster(options.cluster, log);
  const world = () => ({ policy: source.policy, minor: cluster === undefined ? newestMinor : cluster.minor });
  const app = buildApp({ decide, world, metrics, log, tls: certificates.certificate });
  let isDraining = false;
  const monitoring = buildMonitoring(metrics, () => [
    ...(isDraining ? ['the server is shutting down'] : []),
    ...(certificates.certificate.expires <= new Date() ? ['the certificate has expired'] : []),
    ...certificates.problems(),
  ]);
  metrics.certificateExpires(certificates.certificate.expires);

  async function close(): Promise<void> {
    for (const watch of [source, cluster]) watch?.close();
    await Promise.all([certificates.close(), app.close()]);
    await monitoring.close();
    metrics.close();
  }
  /** The API server goes on using pooled connections for a while: each is answered, and then closed. */
  async function drain(): Promise<void> {
    isDraining = true;
    closeAfterAnswer(app.server);
    log.info({ seconds: options.shutdownDelaySeconds }, 'shutting down; calls are still answered');
    await sleep(options.shutdownDelaySeconds * 1000);
    await close();
    log.info('stopped');
  }

  try {
    const host = await usableHost(options.host);
    const addresses = {
      admission: await listen(app, host, options.port, '--port'),
      monitoring: await listen(monitoring, host, options.monitoringPort, '--monitoring-port'),
    };
    const { hash, mode } = source.policy;
    log.info({ ...addresses, policy: hash, mode, certificateExpires: certificates.certificate.expires }, 'serving');
    let stopped: Promise<void> | undefined;
    return { ...addresses, stop: () => (stopped ??= drain()) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPolicy(
  { policyFile, pollMs }: ServeOptions,
  { load, builtInPolicy, log, metrics }: ServeDependencies,
): Promise<PolicySource> {
  if (policyFile !== undefined) return openPolicyFile(policyFile, { load, log, metrics, pollMs });
  metrics.policyLoaded(true);
  return { policy: builtInPolicy, close: () => undefined };
}

async function openCertificate(
  { certificate, cluster: access, pollMs }: ServeOptions,
  onChange: (certificate: ServingCertificate) => void,
  { log, metrics }: ServeDependencies,
): Promise<CertificateSource> {
  if ('certFile' in certificate) return openCertificateFiles(certificate, { log, pollMs, onChange });
  if (!('secret' in certificate))
    return { certificate: await selfSigned(certificate), problems: () => [], close: () => undefined };
  if (access === undefined) throw new StartupError('--certificate-secret needs --in-cluster or --kubeconfig');
  const placeholder = await selfSigned({ hosts: [] });
  const { openClusterCertificate } = await import('./cluster-certificate.ts');
  return openClusterCertificate(certificate, { access, placeholder, metrics, log, onChange });
}

async function selfSigned({ hosts, caFile }: SelfSignedOptions): Promise<ServingCertificate> {
  const { makeSelfSigned } = await import('./self-signed.ts');
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

async function watchCluster(access: NonNullable<ServeOptions['cluster']>, log: Logger) {
  const { watchClusterVersion } = await import('../cluster/version.ts');
  return watchClusterVersion(access, log);
}
