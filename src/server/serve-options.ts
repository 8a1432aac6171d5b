import type { ClusterAccess } from '../cluster/api/index.ts';
import type { CertificateTiming } from '../cluster/certificate/index.ts';
import type { LeaseTiming } from '../cluster/lease.ts';
import type { ScanTiming } from './background-scan.ts';
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
  /** Among the replicas, of who scans and looks after the certificate; it needs a cluster. */
  readonly election?: ElectionOptions | undefined;
  /** A scan of what runs in the cluster; absent where there is none. */
  readonly scan?: ScanOptions | undefined;
  readonly logLevel: LogLevel;
  /** How long calls are still accepted after the order to stop, while the API server learns of it. */
  readonly shutdownDelaySeconds: number;
  /** How often files are looked at besides being watched. */
  readonly pollMs?: number | undefined;
}

export interface ElectionOptions {
  readonly lease: string;
  /** That of this Pod when absent. */
  readonly namespace?: string | undefined;
  readonly timing?: Partial<LeaseTiming> | undefined;
}

export interface ScanOptions {
  readonly everyMs: number;
  /** Where the findings go besides the metrics. */
  readonly reports: 'none' | 'openreports';
  /** No more reports than this are made. */
  readonly maxReports: number;
  readonly timing?: Partial<ScanTiming> | undefined;
}

export interface SelfSignedOptions {
  /** Names and addresses besides those of this machine. */
  readonly hosts: readonly string[];
  /** Where to write the authority that clients are to trust. */
  readonly caFile?: string | undefined;
}

/** A certificate that the program makes and renews for all replicas; it needs an election. */
export interface ClusterCertificateOptions {
  readonly secret: string;
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
