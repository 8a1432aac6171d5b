import { InvalidArgumentError, Option } from 'commander';
import type { LogLevel } from '../server/monitoring/index.ts';
import { type CipherSuite, cipherSuites, tlsVersions } from '../server/tls-limits.ts';
import { booleanOf, namesOf, portOf, positiveOf, secondsOf, wholeNumberOf, wholeSecondsOf } from './option-values.ts';

/** The options of `podwright serve`, in the order of its help. */
export const serveCommandOptions = (): Option[] => [
  ...listeningOptions(),
  ...policyOptions(),
  ...certificateOptions(),
  ...reportingOptions(),
  ...callerOptions(),
  ...processOptions(),
];

/** Where it listens. */
const listeningOptions = (): Option[] => [
  flag('--port <port>', 'HTTPS port of the webhooks').argParser(portOf).default(8443),
  flag('--monitoring-port <port>', 'HTTP port of probes and metrics').argParser(portOf).default(9090),
  flag('--host <address>', 'address to listen on (default: 127.0.0.1, or :: in a cluster)'),
];

/** Which policy is in force, and where its state is written. */
const policyOptions = (): Option[] => [
  flag('--policy <file>', 'policy file, reloaded when it changes (default: the built-in policy)'),
  flag('--policy-fallback <file>', 'policy file to start with if that of --policy is invalid or missing'),
  flag(
    '--policy-config-map <name>',
    'ConfigMap that --policy is mounted from, watched directly; its last valid policy is kept in <name>-last-valid',
  ),
  flag(
    '--status-config-map <name>',
    'ConfigMap that the leader writes the status to, for podwright status; requests are counted in <name>-counts',
  ),
  flag('--deployment <name>', 'Deployment of this replica, for the status and Events about the policy'),
];

/** Its certificate, and who renews it. */
const certificateOptions = (): Option[] => [
  flag('--tls-cert <file>', 'certificate and chain in PEM, reloaded when they change'),
  flag('--tls-key <file>', 'private key of the certificate in PEM'),
  toggle('--self-signed [boolean]', 'create a certificate at startup (default: if none is given)'),
  flag(
    '--self-signed-host <names>',
    'further DNS name or IP address of that certificate (repeatable, or comma-separated)',
  ).argParser(namesOf),
  flag('--self-signed-ca <file>', 'file to write its CA to, in PEM (for curl --cacert)'),
  flag('--certificate-secret <name>', 'Secret for the certificate that podwright creates and renews'),
  flag('--lease <name>', 'Lease for electing the replica that renews the certificate and scans the cluster'),
  flag('--webhook-configuration <name>', 'webhook configurations to publish its CA in').default('podwright'),
  flag('--service <name>', 'Service of the webhooks, for the certificate'),
  flag('--cluster-domain <domain>', "DNS domain of the cluster, for the Service's full name"),
  flag('--certificate-wait <seconds>', 'how long to wait for API servers to reload a new CA')
    .argParser(secondsOf)
    .default(60),
];

/** Options of the scan, and of reports apart from logs. */
const reportingOptions = (): Option[] => [
  flag('--scan-interval <seconds>', 'how often to scan the cluster; 0: never (default: 3600 with --lease)').argParser(
    wholeSecondsOf,
  ),
  flag('--reports <kind>', 'how the scan reports its findings, besides metrics')
    .choices(['none', 'openreports', 'wgpolicyk8s'])
    .default('none'),
  toggle('--report-passes [boolean]', 'include rules that pass, for every workload'),
  flag('--max-reports <number>', 'maximum number of reports').argParser(wholeNumberOf).default(10_000),
  toggle('--scan-page [boolean]', 'show the last scan under /scan of the monitoring port'),
  toggle('--events [boolean]', 'report denials, repairs and exemptions without effect in Events'),
  flag('--metric-namespaces <number>', 'maximum number of namespaces that admission metrics distinguish; 0: none')
    .argParser(wholeNumberOf)
    .default(0),
];

/** Which callers are served. */
const callerOptions = (): Option[] => [
  flag(
    '--client-ca <file>',
    'CAs in PEM that must have signed the certificates of callers, reloaded when they change (default: anyone may call)',
  ),
  flag(
    '--client-name <names>',
    'accepted common name of client certificates (repeatable, or comma-separated; default: any)',
  ).argParser(namesOf),
  flag('--tls-min-version <version>', 'minimum TLS version for callers').choices(tlsVersions).default('1.2'),
  flag(
    '--tls-ciphers <names>',
    'cipher suites for callers, by IANA name (repeatable, or comma-separated; default: all)',
  )
    .argParser(ciphersOf)
    .default([], ''),
  flag(
    '--connection-reviews <number>',
    'close a connection after this many reviews, so that callers spread over the replicas (default: 250, but not within 2 seconds)',
  ).argParser(positiveOf),
];

/** The cluster, the end and the log of the process. */
const processOptions = (): Option[] => [
  flag('--kubeconfig <file>', 'serve the cluster of this kubeconfig'),
  toggle('--in-cluster [boolean]', 'serve the cluster that podwright runs in'),
  flag(
    '--shutdown-delay <seconds>',
    'keep answering requests this long after a stop signal (default: 10 in a cluster)',
  ).argParser(secondsOf),
  flag('--log-level <level>', 'minimum log level')
    .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] satisfies LogLevel[])
    .default('info'),
];

/** An option with its environment variable. */
function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`PODWRIGHT_SERVE_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Takes a value, because commander treats the environment variable of an option without one as true, with any value. */
const toggle = (flags: string, description: string): Option =>
  flag(flags, description).preset('true').argParser(booleanOf);

function ciphersOf(text: string, earlier: readonly CipherSuite[] = []): CipherSuite[] {
  const ciphers = namesOf(text, earlier);
  const unknown = ciphers.find((name) => !isCipherSuite(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no cipher suite ${unknown}; there are ${cipherSuites.join(', ')}.`);
  return ciphers.filter(isCipherSuite);
}

const isCipherSuite = (name: string): name is CipherSuite => cipherSuites.some((suite) => suite === name);
