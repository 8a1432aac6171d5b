import type { ClusterAccess } from '../cluster/api/index.ts';
import type { CertificateFiles, ClientOptions, ClusterCertificateOptions } from './certificate/index.ts';
import type { LogLevel } from './monitoring/index.ts';
import type { ScanOptions } from './scan/index.ts';
import type { ElectionOptions } from './served-cluster.ts';

/** What `podwright serve` was asked for, checked. */
export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly monitoringPort: number;
  /** The built-in policy when absent. */
  readonly policyFile?: string | undefined;
  readonly certificate: CertificateFiles | SelfSignedOptions | ClusterCertificateOptions;
  /** Who may call; absent: anybody. */
  readonly clients?: ClientOptions | undefined;
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

export interface SelfSignedOptions {
  /** Names and addresses besides those of this machine. */
  readonly hosts: readonly string[];
  /** Where to write the authority that clients are to trust. */
  readonly caFile?: string | undefined;
}
