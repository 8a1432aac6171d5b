import type { Logger } from 'pino';
import type { CertificateTiming } from '../../cluster/certificate/index.ts';
import type { Election } from '../../cluster/lease.ts';
import type { ServedCluster } from '../served-cluster.ts';
import { type CertificateSource, checkKeyPair, type ServingCertificate } from './certificate.ts';
import { issueCertificate } from './issue-certificate.ts';

/** A certificate that the program issues and renews for all replicas; requires a leader election. */
export interface ClusterCertificateOptions {
  readonly secret: string;
  readonly webhookConfiguration: string;
  /** The Service that the API server calls. */
  readonly service?: string | undefined;
  readonly clusterDomain?: string | undefined;
  /** Additional names and addresses that the API server may call. */
  readonly hosts: readonly string[];
  /** How long to wait until every API server knows a new CA. */
  readonly waitMs: number;
  readonly timing?: Partial<CertificateTiming> | undefined;
}

/** A cluster with a leader election. */
export type ElectingCluster = ServedCluster & {
  readonly namespace: string;
  readonly election: Election;
};

/** Whether the server takes part in an election. */
export const isElecting = (cluster: ServedCluster | undefined): cluster is ElectingCluster =>
  cluster?.election !== undefined && cluster.namespace !== undefined;

/**
 * Serves the certificate that all replicas share through a Secret, and keeps it up to date. Until it exists, the server
 * uses a placeholder and is not ready.
 */
export async function openClusterCertificate(
  { secret, webhookConfiguration, service, clusterDomain, hosts, waitMs, timing }: ClusterCertificateOptions,
  options: {
    readonly cluster: Pick<ElectingCluster, 'client' | 'namespace' | 'election' | 'metrics'>;
    readonly placeholder: ServingCertificate;
    readonly log: Logger;
    readonly onChange: (certificate: ServingCertificate) => void;
  },
): Promise<CertificateSource> {
  const { cluster, log, onChange } = options;
  const { client, namespace, election, metrics } = cluster;
  // The names by which the API server, people and other clusters may call a Service.
  const called = [...(service === undefined ? [] : [`${service}.${namespace}.svc`]), ...hosts];
  const further = service === undefined ? [] : [service, `${service}.${namespace}`];
  const domain = service === undefined || clusterDomain === undefined ? [] : [`${called[0]}.${clusterDomain}`];
  // The name distinguishes CAs of this installation from others; a common name has at most 64 characters.
  const authority = `podwright ${namespace}/${secret}`.slice(0, 64);
  const { openManagedCertificate } = await import('../../cluster/certificate/index.ts');
  let certificate = options.placeholder;
  const managed = openManagedCertificate({
    client,
    namespace,
    secret,
    election,
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
      log.info({ namespace, secret, expires: certificate.expires }, 'new connections use the new certificate');
      return true;
    },
    metrics,
    log,
  });
  metrics.observe(managed);
  return {
    get certificate() {
      return certificate;
    },
    problems: () => managed.problems(),
    close: () => managed.close(),
  };
}
