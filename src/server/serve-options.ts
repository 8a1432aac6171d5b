import type { ClusterAccess } from '../cluster/api/index.ts';
import type { CertificateFiles, ClientOptions, ClusterCertificateOptions } from './certificate/index.ts';
import type { LogLevel } from './monitoring/index.ts';
import type { PolicyConfigMapOptions } from './policy/index.ts';
import type { ScanOptions } from './scan/index.ts';
import type { ElectionOptions } from './served-cluster.ts';
import type { StatusOptions } from './status/index.ts';
import type { TlsLimits } from './tls-limits.ts';

/** The validated options of `podwright serve`. */
export interface ServeOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly monitoringPort: number;
  /** The built-in policy if absent. */
  readonly policyFile?: string | undefined;
  /** The file to start with if the policy file is invalid or missing. */
  readonly policyFallback?: string | undefined;
  /** The ConfigMap that the policy file is mounted from, to watch it directly; it needs an election. */
  readonly policyConfigMap?: PolicyConfigMapOptions | undefined;
  readonly certificate: CertificateFiles | SelfSignedOptions | ClusterCertificateOptions;
  /** The permitted callers; anyone if absent. */
  readonly clients?: ClientOptions | undefined;
  /** TLS 1.2 and all supported cipher suites if absent. */
  readonly tls?: TlsLimits | undefined;
  /** If absent, the newest known Kubernetes version is assumed. */
  readonly cluster?: ClusterAccess | undefined;
  /** The election of the replica that scans and renews the certificate; requires a cluster. */
  readonly election?: ElectionOptions | undefined;
  /** The scan of the cluster; absent if turned off. */
  readonly scan?: ScanOptions | undefined;
  /** Whether to report denials and repairs in Events; requires a cluster. */
  readonly events?: boolean | undefined;
  /** The maximum number of namespaces that admission metrics distinguish; none if absent. */
  readonly metricNamespaces?: number | undefined;
  /** The status in the cluster; it needs an election. */
  readonly status?: StatusOptions | undefined;
  /** After how many reviews a connection is closed. */
  readonly connectionReviews?: number | undefined;
  readonly logLevel: LogLevel;
  /** How long calls are still accepted after the stop signal, until the API server has noticed. */
  readonly shutdownDelaySeconds: number;
  /** How often files are checked in addition to being watched. */
  readonly pollMs?: number | undefined;
}

/** A certificate that lasts as long as the server runs. */
export interface SelfSignedOptions {
  /** Names and addresses besides those of this machine. */
  readonly hosts: readonly string[];
  /** The file for the CA that clients should trust. */
  readonly caFile?: string | undefined;
}
