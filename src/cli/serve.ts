import { env } from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
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
  readonly kubeconfig?: string;
  readonly inCluster?: boolean;
  readonly shutdownDelay?: number;
  readonly logLevel: LogLevel;
}

/** `podwright serve`: the webhook server. Every flag is also read from `PODWRIGHT_SERVE_<FLAG>`. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the webhook server; without flags on built-in defaults, for this machine alone')
    .addOption(flag('--port <port>', 'port of the webhooks, HTTPS').argParser(portOf).default(8443))
    .addOption(flag('--monitoring-port <port>', 'port of probes and metrics, HTTP').argParser(portOf).default(9090))
    .addOption(flag('--host <address>', 'address to listen on').default('::'))
    .addOption(flag('--policy <file>', 'policy file, reloaded when it changes (default: the built-in policy)'))
    .addOption(flag('--tls-cert <file>', 'certificate and chain in PEM, reloaded when they change'))
    .addOption(flag('--tls-key <file>', 'private key of the certificate in PEM'))
    .addOption(toggle('--self-signed [boolean]', 'make a certificate at start (default: when none is given)'))
    .addOption(
      flag(
        '--self-signed-host <names>',
        'name or address that it is for besides localhost (repeated, or with commas)',
      ).argParser((names: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), ...listOf(names)]),
    )
    .addOption(flag('--self-signed-ca <file>', 'where to write the authority to trust, in PEM (curl --cacert)'))
    .addOption(
      flag('--certificate-secret <name>', 'Secret in which the program keeps a certificate that it makes and renews'),
    )
    .addOption(flag('--lease <name>', 'Lease by which replicas elect who renews it'))
    .addOption(
      flag('--webhook-configuration <name>', 'webhook configurations that get its authority').default('podwright'),
    )
    .addOption(flag('--service <name>', 'Service that it is for'))
    .addOption(flag('--cluster-domain <domain>', "DNS domain of the cluster, for the Service's full name"))
    .addOption(
      flag('--certificate-wait <seconds>', 'how long API servers are given to learn of a new authority')
        .argParser(secondsOf)
        .default(60),
    )
    .addOption(flag('--kubeconfig <file>', 'the cluster of this kubeconfig is the one served'))
    .addOption(toggle('--in-cluster [boolean]', 'the cluster that this runs in is the one served'))
    .addOption(
      flag(
        '--shutdown-delay <seconds>',
        'answer calls this long after the signal to stop (default: 10 in a cluster)',
      ).argParser(secondsOf),
    )
    .addOption(
      flag('--log-level <level>', 'least level that is logged')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] satisfies LogLevel[])
        .default('info'),
    )
    .action(async (flags: ServeFlags, command: Command) => {
      const options = serveOptionsOf(flags);
      if ('problem' in options) command.error(`error: ${options.problem}`, { exitCode: 2 });
      const { runServer } = await import('../server/run-server.ts');
      // Connections that clients of the API server keep open would keep the process alive.
      process.exit(await runServer(options));
    });
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
  return {
    host: flags.host,
    port: flags.port,
    monitoringPort: flags.monitoringPort,
    policyFile: flags.policy || undefined,
    certificate,
    cluster: inCluster ? 'in-cluster' : outside,
    logLevel: flags.logLevel,
    shutdownDelaySeconds: flags.shutdownDelay ?? (inCluster ? 10 : 0),
  };
}

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
    namespace: env['POD_NAMESPACE'] || undefined,
    secret,
    lease,
    webhookConfiguration: flags.webhookConfiguration,
    service: service || undefined,
    clusterDomain: flags.clusterDomain || undefined,
    hosts,
    waitMs: flags.certificateWait * 1000,
  };
}

/** An option with its environment variable. */
function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`PODWRIGHT_SERVE_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Takes a value, as commander reads an environment variable for an option without one as true, whatever it says. */
const toggle = (flags: string, description: string): Option =>
  flag(flags, description).preset('true').argParser(booleanOf);

function booleanOf(text: string): boolean {
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no', ''].includes(text)) return false;
  throw new InvalidArgumentError('It is true or false.');
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It is a port: 0 to 65535.');
  return Number(text);
}

function secondsOf(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It is a number of seconds.');
  return Number(text);
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
