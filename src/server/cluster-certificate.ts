import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { ClusterAccess } from '../cluster/version.ts';
import { type CertificateSource, checkKeyPair, type ServingCertificate } from './certificate.ts';
import { createClusterMetrics } from './cluster-metrics.ts';
import { issueCertificate } from './issue-certificate.ts';
import type { Metrics } from './metrics.ts';
import type { ClusterCertificateOptions } from './serve-options.ts';
import { StartupError } from './startup-error.ts';

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * Serves the certificate that all replicas share through a Secret of the cluster, and keeps it fresh. Until there is one
 * the placeholder is served, and the server is not ready.
 *
 * @throws StartupError when the namespace is not known.
 */
export async function openClusterCertificate(
  {
    secret,
    lease,
    webhookConfiguration,
    service,
    clusterDomain,
    hosts,
    waitMs,
    timing,
    ...given
  }: ClusterCertificateOptions,
  options: {
    readonly access: ClusterAccess;
    readonly placeholder: ServingCertificate;
    readonly metrics: Metrics;
    readonly log: Logger;
    readonly onChange: (certificate: ServingCertificate) => void;
  },
): Promise<CertificateSource> {
  const { access, metrics, log, onChange } = options;
  const namespace = given.namespace ?? (await ownNamespace());
  // What the API server calls a Service, and what people and other clusters may.
  const called = [...(service === undefined ? [] : [`${service}.${namespace}.svc`]), ...hosts];
  const further = service === undefined ? [] : [service, `${service}.${namespace}`];
  const domain = service === undefined || clusterDomain === undefined ? [] : [`${called[0]}.${clusterDomain}`];
  // By its name an authority of this installation is told from others; a common name has at most 64 characters.
  const authority = `podwright ${namespace}/${secret}`.slice(0, 64);
  const { openManagedCertificate } = await import('../cluster/managed-certificate.ts');
  const clusterMetrics = createClusterMetrics(metrics.registry);
  let certificate = options.placeholder;
  const managed = openManagedCertificate({
    access,
    namespace,
    secret,
    lease,
    webhookConfiguration,
    hosts: called,
    timing: { waitMs, ...timing },
    issue: (lifeMs) =>
      issueCertificate({ authority, hosts: [...called, ...further, ...domain], now: new Date(), lifeMs }),
    onPair(pair) {
      const result = checkKeyPair(pair, new Date());
      if ('problem' in result) {
        log.error({ namespace, secret, problem: result.problem }, 'the certificate in the Secret cannot be served');
        return false;
      }
      ({ certificate } = result);
      onChange(certificate);
      log.info({ namespace, secret, expires: certificate.expires }, 'new connections get the new certificate');
      return true;
    },
    metrics: clusterMetrics,
    log,
  });
  clusterMetrics.observe(managed);
  return {
    get certificate() {
      return certificate;
    },
    problems: () => managed.problems(),
    close: () => managed.close(),
  };
}

async function ownNamespace(): Promise<string> {
  try {
    return (await readFile(namespaceFile, 'utf8')).trim();
  } catch (error) {
    const { message } = error as Error;
    throw new StartupError(`cannot tell the namespace of --certificate-secret: ${message}; set POD_NAMESPACE`);
  }
}
