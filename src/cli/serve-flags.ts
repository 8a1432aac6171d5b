import { env } from 'node:process';
import type { ReportKindName } from '../audit/report-kind.ts';
import type { LogLevel } from '../server/monitoring/index.ts';
import type { ServeOptions } from '../server/serve-options.ts';
import { areUsable, type CipherSuite, type TlsLimits } from '../server/tls-limits.ts';

/** The flags as commander returns them. */
export interface ServeFlags {
  readonly port: number;
  readonly monitoringPort: number;
  readonly host?: string;
  readonly policy?: string;
  readonly policyFallback?: string;
  readonly policyConfigMap?: string;
  readonly deployment?: string;
  readonly statusConfigMap?: string;
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
  readonly reports: 'none' | ReportKindName;
  readonly reportPasses?: boolean;
  readonly maxReports: number;
  readonly scanPage?: boolean;
  readonly clientCa?: string;
  readonly clientName?: readonly string[];
  readonly tlsMinVersion: TlsLimits['minVersion'];
  readonly tlsCiphers: readonly CipherSuite[];
  readonly events?: boolean;
  readonly metricNamespaces: number;
  readonly connectionReviews?: number;
  readonly kubeconfig?: string;
  readonly inCluster?: boolean;
  readonly shutdownDelay?: number;
  readonly logLevel: LogLevel;
}

/** The server options that the flags specify. An empty file name, from an empty variable, counts as unset. */
export function serveOptionsOf(flags: ServeFlags): ServeOptions | { readonly problem: string } {
  const certificate = certificateOf(flags);
  if ('problem' in certificate) return certificate;
  const problem = clusterProblem(flags) ?? policyProblem(flags) ?? clientProblem(flags) ?? tlsProblem(flags);
  if (problem !== undefined) return { problem };
  const { inCluster = false } = flags;
  const scanSeconds = scanSecondsOf(flags);
  return {
    host: flags.host || (inCluster ? '::' : '127.0.0.1'),
    port: flags.port,
    monitoringPort: flags.monitoringPort,
    ...policyOptionsOf(flags),
    ...statusOptionsOf(flags),
    certificate,
    ...(flags.clientCa && { clients: { caFile: flags.clientCa, names: flags.clientName ?? [] } }),
    ...(isLimited(flags) && { tls: tlsOf(flags) }),
    cluster: inCluster ? 'in-cluster' : flags.kubeconfig ? { kubeconfig: flags.kubeconfig } : undefined,
    ...(flags.lease && { election: electionOf(flags.lease) }),
    ...(scanSeconds > 0 && {
      scan: { everyMs: scanSeconds * 1000, ...reportOptionsOf(flags), ...(flags.scanPage === true && { page: true }) },
    }),
    ...signalOptionsOf(flags),
    ...(flags.connectionReviews !== undefined && { connectionReviews: flags.connectionReviews }),
    logLevel: flags.logLevel,
    shutdownDelaySeconds: flags.shutdownDelay ?? (inCluster ? 10 : 0),
  };
}

/** Who this replica is, as Kubernetes knows it. */
const electionOf = (lease: string) => ({
  lease,
  namespace: env['POD_NAMESPACE'] || undefined,
  ...(env['POD_NAME'] && { pod: env['POD_NAME'] }),
});

const signalOptionsOf = ({ events = false, metricNamespaces }: ServeFlags) => ({
  ...(events && { events }),
  ...(metricNamespaces > 0 && { metricNamespaces }),
});

const reportOptionsOf = ({ reports, reportPasses = false, maxReports }: ServeFlags) => ({
  reports,
  passes: reportPasses,
  maxReports,
});

/** Why the requested features cannot work with the specified cluster, or without one. */
function clusterProblem(flags: ServeFlags): string | undefined {
  const { kubeconfig, inCluster = false } = flags;
  if (kubeconfig && inCluster) return '--kubeconfig and --in-cluster exclude each other';
  const needy = Object.entries({
    '--certificate-secret': flags.certificateSecret,
    '--lease': flags.lease,
    '--scan-interval': flags.scanInterval,
    '--events': flags.events,
  }).find(([, value]) => value);
  if (!kubeconfig && !inCluster && needy !== undefined)
    return `${needy[0]} needs a cluster: give --in-cluster or --kubeconfig`;
  const scanned = flags.reports === 'none' ? flags.scanPage && '--scan-page' : '--reports';
  return scanned && scanSecondsOf(flags) === 0 ? `${scanned} needs a scan: give --lease or --scan-interval` : undefined;
}

const policyOptionsOf = ({ policy, policyFallback, policyConfigMap: name, deployment }: ServeFlags) => ({
  policyFile: policy || undefined,
  ...(policyFallback && { policyFallback }),
  ...(name && { policyConfigMap: { name, deployment: deployment || undefined } }),
});

const statusOptionsOf = ({ statusConfigMap: configMap, deployment, webhookConfiguration }: ServeFlags) =>
  configMap ? { status: { configMap, deployment: deployment || undefined, webhookConfiguration } } : {};

function policyProblem(flags: ServeFlags): string | undefined {
  const { policy, policyFallback, policyConfigMap, statusConfigMap, deployment, lease } = flags;
  if (policyFallback && !policy) return '--policy-fallback needs --policy';
  if (policyConfigMap && !policy) return '--policy-config-map needs --policy: the file to start with';
  if (policyConfigMap && !lease) return '--policy-config-map needs --lease';
  if (statusConfigMap && !lease) return '--status-config-map needs --lease';
  return deployment && !policyConfigMap && !statusConfigMap
    ? '--deployment needs --policy-config-map or --status-config-map'
    : undefined;
}

const tlsOf = ({ tlsMinVersion: minVersion, tlsCiphers: ciphers }: ServeFlags): TlsLimits => ({ minVersion, ciphers });

const isLimited = ({ tlsMinVersion, tlsCiphers }: ServeFlags): boolean =>
  tlsMinVersion !== '1.2' || tlsCiphers.length > 0;

const tlsProblem = (flags: ServeFlags): string | undefined =>
  areUsable(tlsOf(flags)) ? undefined : '--tls-min-version 1.3 needs a cipher suite of TLS 1.3 in --tls-ciphers';

const clientProblem = ({ clientCa, clientName = [] }: ServeFlags): string | undefined =>
  !clientCa && clientName.length > 0 ? '--client-name needs --client-ca' : undefined;

/** Seconds between scans; 0 is never. The default is once an hour if a Lease elects the replica that scans. */
const scanSecondsOf = ({ scanInterval, lease }: ServeFlags): number => scanInterval ?? (lease ? 3600 : 0);

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
  if (certFile || keyFile) return { problem: '--tls-cert and --tls-key must be given together' };
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
