import { env } from 'node:process';
import type { LogLevel } from '../server/log.ts';
import type { ServeOptions } from '../server/serve-options.ts';

/** The flags as commander hands them over. */
export interface ServeFlags {
  readonly port: number;
  readonly monitoringPort: number;
  readonly host: string;
  readonly policy?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly selfSigned?: boolean;
  readonly selfSignedHost?: readonly string[];
  readonly selfSignedCa?: string;
  readonly certificateSecret?: string;
  readonly lease?: string;
  readonly webhookConfiguration: string;
  readonly service?: string;
  readonly clusterDomain?: string;
  readonly certificateWait: number;
  readonly scanInterval?: number;
  readonly reports: 'none' | 'openreports';
  readonly maxReports: number;
  readonly kubeconfig?: string;
  readonly inCluster?: boolean;
  readonly shutdownDelay?: number;
  readonly logLevel: LogLevel;
}

/** What the flags say together. An empty file name, from an empty variable, is none. */
export function serveOptionsOf(flags: ServeFlags): ServeOptions | { readonly problem: string } {
  const { inCluster = false } = flags;
  const certificate = certificateOf(flags);
  if ('problem' in certificate) return certificate;
  const outside = flags.kubeconfig ? { kubeconfig: flags.kubeconfig } : undefined;
  if ('secret' in certificate && outside === undefined && !inCluster)
    return { problem: '--certificate-secret needs a cluster: give --in-cluster or --kubeconfig' };
  if (outside !== undefined && inCluster) return { problem: '--kubeconfig and --in-cluster exclude each other' };
  const hasCluster = outside !== undefined || inCluster;
  if (flags.lease && !hasCluster) return { problem: '--lease needs a cluster: give --in-cluster or --kubeconfig' };
  if (flags.scanInterval && !hasCluster)
    return { problem: '--scan-interval needs a cluster: give --in-cluster or --kubeconfig' };
  const scanSeconds = flags.scanInterval ?? (flags.lease ? defaultScanSeconds : 0);
  if (flags.reports !== 'none' && scanSeconds === 0)
    return { problem: '--reports needs a scan: give --lease or --scan-interval' };
  return {
    host: flags.host,
    port: flags.port,
    monitoringPort: flags.monitoringPort,
    policyFile: flags.policy || undefined,
    certificate,
    cluster: inCluster ? 'in-cluster' : outside,
    ...(flags.lease && { election: { lease: flags.lease, namespace: env['POD_NAMESPACE'] || undefined } }),
    ...(scanSeconds > 0 && {
      scan: { everyMs: scanSeconds * 1000, reports: flags.reports, maxReports: flags.maxReports },
    }),
    logLevel: flags.logLevel,
    shutdownDelaySeconds: flags.shutdownDelay ?? (inCluster ? 10 : 0),
  };
}

/** Once an hour. */
const defaultScanSeconds = 3600;

type CertificateChoice = ServeOptions['certificate'] | { readonly problem: string };

function certificateOf(flags: ServeFlags): CertificateChoice {
  const { selfSigned, tlsCert: certFile, tlsKey: keyFile } = flags;
  if (flags.certificateSecret) {
    if (certFile || keyFile || selfSigned === true)
      return { problem: '--certificate-secret, --tls-cert and --self-signed exclude each other' };
    return clusterCertificateOf(flags, flags.certificateSecret);
  }
  if (certFile && keyFile) {
    if (selfSigned === true) return { problem: '--self-signed and --tls-cert exclude each other' };
    return { certFile, keyFile };
  }
  if (certFile || keyFile) return { problem: '--tls-cert and --tls-key belong together' };
  if (selfSigned === false) return { problem: 'no certificate: give --tls-cert and --tls-key, or allow --self-signed' };
  return { hosts: flags.selfSignedHost ?? [], caFile: flags.selfSignedCa || undefined };
}

function clusterCertificateOf(flags: ServeFlags, secret: string): CertificateChoice {
  const { lease, service, selfSignedHost: hosts = [] } = flags;
  if (!lease) return { problem: '--certificate-secret needs --lease' };
  if (!service && hosts.length === 0) return { problem: '--certificate-secret needs --service' };
  return {
    secret,
    webhookConfiguration: flags.webhookConfiguration,
    service: service || undefined,
    clusterDomain: flags.clusterDomain || undefined,
    hosts,
    waitMs: flags.certificateWait * 1000,
  };
}
