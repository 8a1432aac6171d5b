import { Command, InvalidArgumentError, Option } from 'commander';
import type { LogLevel } from '../server/monitoring/index.ts';
import { type CipherSuite, cipherSuites, tlsVersions } from '../server/tls-limits.ts';
import { portOf, wholeSecondsOf } from './options.ts';
import { type ServeFlags, serveOptionsOf } from './serve-flags.ts';

/** `podwright serve`: runs the webhook server. Every flag can also be set as `PODWRIGHT_SERVE_<FLAG>`. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the webhook server; without flags, on built-in defaults and only for this machine')
    .addOption(flag('--port <port>', 'HTTPS port of the webhooks').argParser(portOf).default(8443))
    .addOption(flag('--monitoring-port <port>', 'HTTP port of probes and metrics').argParser(portOf).default(9090))
    .addOption(flag('--host <address>', 'address to listen on (default: 127.0.0.1, or :: in a cluster)'))
    .addOption(flag('--policy <file>', 'policy file, reloaded when it changes (default: the built-in policy)'))
    .addOption(flag('--policy-fallback <file>', 'policy file to start with if that of --policy is invalid or missing'))
    .addOption(
      flag(
        '--policy-config-map <name>',
        'ConfigMap that --policy is mounted from, watched directly; its last valid policy is kept in <name>-last-valid',
      ),
    )
    .addOption(
      flag(
        '--status-config-map <name>',
        'ConfigMap that the leader writes the status to, for podwright status; requests are counted in <name>-counts',
      ),
    )
    .addOption(flag('--deployment <name>', 'Deployment of this replica, for the status and Events about the policy'))
    .addOption(flag('--tls-cert <file>', 'certificate and chain in PEM, reloaded when they change'))
    .addOption(flag('--tls-key <file>', 'private key of the certificate in PEM'))
    .addOption(toggle('--self-signed [boolean]', 'create a certificate at startup (default: if none is given)'))
    .addOption(
      flag(
        '--self-signed-host <names>',
        'further DNS name or IP address of that certificate (repeatable, or comma-separated)',
      ).argParser(namesOf),
    )
    .addOption(flag('--self-signed-ca <file>', 'file to write its CA to, in PEM (for curl --cacert)'))
    .addOption(flag('--certificate-secret <name>', 'Secret for the certificate that podwright creates and renews'))
    .addOption(
      flag('--lease <name>', 'Lease for electing the replica that renews the certificate and scans the cluster'),
    )
    .addOption(
      flag('--webhook-configuration <name>', 'webhook configurations to publish its CA in').default('podwright'),
    )
    .addOption(flag('--service <name>', 'Service of the webhooks, for the certificate'))
    .addOption(flag('--cluster-domain <domain>', "DNS domain of the cluster, for the Service's full name"))
    .addOption(
      flag('--certificate-wait <seconds>', 'how long to wait for API servers to reload a new CA')
        .argParser(secondsOf)
        .default(60),
    )
    .addOption(
      flag(
        '--scan-interval <seconds>',
        'how often to scan the cluster; 0: never (default: 3600 with --lease)',
      ).argParser(wholeSecondsOf),
    )
    .addOption(
      flag('--reports <kind>', 'how the scan reports its findings, besides metrics')
        .choices(['none', 'openreports', 'wgpolicyk8s'])
        .default('none'),
    )
    .addOption(toggle('--report-passes [boolean]', 'include rules that pass, for every workload'))
    .addOption(flag('--max-reports <number>', 'maximum number of reports').argParser(countOf).default(10_000))
    .addOption(toggle('--scan-page [boolean]', 'show the last scan under /scan of the monitoring port'))
    .addOption(toggle('--events [boolean]', 'report denials, repairs and exemptions without effect in Events'))
    .addOption(
      flag('--metric-namespaces <number>', 'maximum number of namespaces that admission metrics distinguish; 0: none')
        .argParser(countOf)
        .default(0),
    )
    .addOption(
      flag(
        '--client-ca <file>',
        'CAs in PEM that must have signed the certificates of callers, reloaded when they change (default: anyone may call)',
      ),
    )
    .addOption(
      flag(
        '--client-name <names>',
        'accepted common name of client certificates (repeatable, or comma-separated; default: any)',
      ).argParser(namesOf),
    )
    .addOption(
      flag('--tls-min-version <version>', 'minimum TLS version for callers').choices(tlsVersions).default('1.2'),
    )
    .addOption(
      flag(
        '--tls-ciphers <names>',
        'cipher suites for callers, by IANA name (repeatable, or comma-separated; default: all)',
      )
        .argParser(ciphersOf)
        .default([], ''),
    )
    .addOption(
      flag(
        '--connection-reviews <number>',
        'close a connection after this many reviews, so that callers spread over the replicas (default: 250)',
      ).argParser(positiveOf),
    )
    .addOption(flag('--kubeconfig <file>', 'serve the cluster of this kubeconfig'))
    .addOption(toggle('--in-cluster [boolean]', 'serve the cluster that podwright runs in'))
    .addOption(
      flag(
        '--shutdown-delay <seconds>',
        'keep answering requests this long after a stop signal (default: 10 in a cluster)',
      ).argParser(secondsOf),
    )
    .addOption(
      flag('--log-level <level>', 'minimum log level')
        .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] satisfies LogLevel[])
        .default('info'),
    )
    .action(async (flags: ServeFlags, command: Command) => {
      const options = serveOptionsOf(flags);
      if ('problem' in options) command.error(`error: ${options.problem}`, { exitCode: 2 });
      const { runServer } = await import('../server/run-server.ts');
      // Keep-alive connections of API clients would keep the process running.
      process.exit(await runServer(options));
    });
}

/** An option with its environment variable. */
function flag(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`PODWRIGHT_SERVE_${option.name().replaceAll('-', '_').toUpperCase()}`);
}

/** Takes a value, because commander treats the environment variable of an option without one as true, with any value. */
const toggle = (flags: string, description: string): Option =>
  flag(flags, description).preset('true').argParser(booleanOf);

function booleanOf(text: string): boolean {
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no', ''].includes(text)) return false;
  throw new InvalidArgumentError('It must be true or false.');
}

function ciphersOf(text: string, earlier: readonly CipherSuite[] = []): CipherSuite[] {
  const ciphers = namesOf(text, earlier);
  const unknown = ciphers.find((name) => !isCipherSuite(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no cipher suite ${unknown}; there are ${cipherSuites.join(', ')}.`);
  return ciphers.filter(isCipherSuite);
}

const isCipherSuite = (name: string): name is CipherSuite => cipherSuites.some((suite) => suite === name);

function secondsOf(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('It must be a number of seconds.');
  return Number(text);
}

function countOf(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function positiveOf(text: string): number {
  const count = countOf(text);
  if (count === 0) throw new InvalidArgumentError('It must be at least 1.');
  return count;
}

/** The names in a repeatable option. */
function namesOf(text: string, earlier: readonly string[] = []): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...earlier, ...names.filter((name) => name !== '')];
}
