import type { CertificateTiming } from '../cluster/certificate-timing.ts';
import type { ClusterAccess } from '../cluster/version.ts';
import type { CertificateFiles } from './certificate.ts';
import type { LogLevel } from './log.ts';

/** What `podwright serve` was asked for, checked. */
export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly monitoringPort: number;
  /** The built-in policy when absent. */
  readonly policyFile?: string | undefined;
  readonly certificate: CertificateFiles | SelfSignedOptions | ClusterCertificateOptions;
  /** Without one the newest known Kubernetes version is assumed. */
  readonly cluster?: ClusterAccess | undefined;
  readonly logLevel: LogLevel;
  /** How long calls are still accepted after the order to stop, while the API server learns of it. */
  readonly shutdownDelaySeconds: number;
  /** How often files are looked at besides being watched. */
  readonly pollMs?: number | undefined;
}

export interface SelfSignedOptions {
  /** Names and addresses besides those of this machine. */
  readonly hosts: readonly string[];
  /** Where to write the authority that clients are to trust. */
  readonly caFile?: string | undefined;
}

/** A certificate that the program makes and renews for all replicas; it needs a cluster. */
export interface ClusterCertificateOptions {
  /** That of this Pod when absent. */
  readonly namespace?: string | undefined;
  readonly secret: string;
  readonly lease: string;
  readonly webhookConfiguration: string;
  /** The Service that the API server calls. */
  readonly service?: string | undefined;
  readonly clusterDomain?: string | undefined;
  /** Further names and addresses that the API server calls. */
  readonly hosts: readonly string[];
  /** How long every API server is given to learn of a new authority. */
  readonly waitMs: number;
  readonly timing?: Partial<CertificateTiming> | undefined;
}
