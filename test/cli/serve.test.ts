import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { serveCommand } from '../../src/cli/serve.ts';
import { type ServeFlags, serveOptionsOf } from '../../src/cli/serve-flags.ts';
import { freePorts, startServe } from '../server/serve-process.ts';
import { badPod, reviewText, testClient, testFolder, until } from '../server/support.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What the command would serve with, or what it complains about. */
async function optionsOf(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(`PODWRIGHT_SERVE_${name}`, value);
  let flags: ServeFlags | undefined;
  const complaints: string[] = [];
  const command = serveCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => complaints.push(text.trim()) })
    .action((parsed: ServeFlags) => {
      flags = parsed;
    });
  await command.parseAsync(args, { from: 'user' }).catch(() => undefined);
  return flags === undefined ? complaints : serveOptionsOf(flags);
}

const defaults = {
  host: '127.0.0.1',
  port: 8443,
  monitoringPort: 9090,
  policyFile: undefined,
  certificate: { hosts: [], caFile: undefined },
  cluster: undefined,
  logLevel: 'info',
  shutdownDelaySeconds: 0,
};

test('works without any flag', async () => {
  expect(await optionsOf([])).toEqual(defaults);
});

test('reads what is to be followed of the policy', async () => {
  const followed =
    '--policy p.yaml --policy-fallback l.yaml --policy-config-map policy --deployment d --lease l --in-cluster';
  expect(await optionsOf(followed.split(' '))).toMatchObject({
    policyFile: 'p.yaml',
    policyFallback: 'l.yaml',
    policyConfigMap: { name: 'policy', deployment: 'd' },
  });
});

test('reads what the status is about', async () => {
  const flags = '--status-config-map status --deployment d --lease l --in-cluster';
  expect(await optionsOf(flags.split(' '))).toMatchObject({
    status: { configMap: 'status', deployment: 'd', webhookConfiguration: 'podwright' },
  });
});

test.each([
  ['--policy-fallback l.yaml', '--policy-fallback needs --policy'],
  ['--policy-config-map c --lease l --in-cluster', '--policy-config-map needs --policy: the file to start with'],
  ['--policy p.yaml --policy-config-map c --in-cluster', '--policy-config-map needs --lease'],
  ['--status-config-map s --in-cluster', '--status-config-map needs --lease'],
  ['--deployment d', '--deployment needs --policy-config-map or --status-config-map'],
])('rejects %s', async (args, problem) => {
  expect(await optionsOf(args.split(' '))).toEqual({ problem });
});

test('limits TLS', async () => {
  const tls = '--tls-min-version 1.3 --tls-ciphers TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384';
  expect(await optionsOf(tls.split(' '))).toEqual({
    ...defaults,
    tls: { minVersion: '1.3', ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'] },
  });
  expect(await optionsOf([], { TLS_CIPHERS: '', TLS_MIN_VERSION: '1.2' })).toEqual(defaults);
  expect(await optionsOf(['--tls-ciphers', 'TLS_RSA_WITH_AES_128_CBC_SHA'])).toEqual([
    expect.stringContaining(
      'There is no cipher suite TLS_RSA_WITH_AES_128_CBC_SHA; there are TLS_AES_128_GCM_SHA256, ',
    ),
  ]);
  const impossible = ['--tls-min-version', '1.3', '--tls-ciphers', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'];
  expect(await optionsOf(impossible)).toEqual({
    problem: '--tls-min-version 1.3 needs a cipher suite of TLS 1.3 in --tls-ciphers',
  });
});

test('reports decisions in Events of a cluster', async () => {
  expect(await optionsOf(['--events', '--kubeconfig', 'f'])).toMatchObject({ events: true });
  expect(await optionsOf([], { EVENTS: 'false' })).toEqual(defaults);
  expect(await optionsOf(['--events'])).toEqual({
    problem: '--events needs a cluster: give --in-cluster or --kubeconfig',
  });
});

test('shows the last scan where there are scans', async () => {
  const scan = { everyMs: 60_000, reports: 'none', passes: false, maxReports: 10_000 };
  const flags = ['--scan-interval', '60', '--kubeconfig', 'f'];
  expect(await optionsOf([...flags, '--scan-page'])).toMatchObject({ scan: { ...scan, page: true } });
  expect(await optionsOf(flags, { SCAN_PAGE: 'false' })).toEqual({ ...defaults, cluster: { kubeconfig: 'f' }, scan });
  expect(await optionsOf(['--scan-page'])).toEqual({
    problem: '--scan-page needs a scan: give --lease or --scan-interval',
  });
});

test('closes connections after a number of reviews', async () => {
  expect(await optionsOf(['--connection-reviews', '50'])).toEqual({ ...defaults, connectionReviews: 50 });
  expect(await optionsOf([], { CONNECTION_REVIEWS: '50' })).toEqual({ ...defaults, connectionReviews: 50 });
  expect(await optionsOf(['--connection-reviews', '0'])).toEqual([expect.stringContaining('It must be at least 1.')]);
});

test('labels metrics by namespace up to a number', async () => {
  expect(await optionsOf(['--metric-namespaces', '200'])).toEqual({ ...defaults, metricNamespaces: 200 });
  expect(await optionsOf([], { METRIC_NAMESPACES: '200' })).toEqual({ ...defaults, metricNamespaces: 200 });
  expect(await optionsOf(['--metric-namespaces', '0'])).toEqual(defaults);
  expect(await optionsOf(['--metric-namespaces', 'all'])).toEqual([
    expect.stringContaining('It must be a whole number.'),
  ]);
});

test('reads flags', async () => {
  const args = '--port 1 --monitoring-port 2 --host 192.0.2.1 --policy p.yaml --tls-cert c --tls-key k --kubeconfig f';
  expect(await optionsOf([...args.split(' '), '--log-level', 'debug', '--shutdown-delay', '2.5'])).toEqual({
    host: '192.0.2.1',
    port: 1,
    monitoringPort: 2,
    policyFile: 'p.yaml',
    certificate: { certFile: 'c', keyFile: 'k' },
    cluster: { kubeconfig: 'f' },
    logLevel: 'debug',
    shutdownDelaySeconds: 2.5,
  });
  const selfSigned = '--self-signed --self-signed-host a,b --self-signed-host c --self-signed-ca ca.pem --in-cluster';
  expect(await optionsOf(selfSigned.split(' '))).toEqual({
    ...defaults,
    certificate: { hosts: ['a', 'b', 'c'], caFile: 'ca.pem' },
    host: '::',
    cluster: 'in-cluster',
    shutdownDelaySeconds: 10,
  });
});

test('keeps a certificate in the cluster', async () => {
  const flags = '--certificate-secret s --lease l --service podwright --cluster-domain cluster.local --in-cluster';
  vi.stubEnv('POD_NAMESPACE', 'system');
  vi.stubEnv('POD_NAME', 'podwright-0');
  const election = { lease: 'l', namespace: 'system', pod: 'podwright-0' };
  const scan = { everyMs: 3600_000, reports: 'none', passes: false, maxReports: 10_000 };
  const certificate = {
    secret: 's',
    webhookConfiguration: 'podwright',
    service: 'podwright',
    clusterDomain: 'cluster.local',
    hosts: [],
    waitMs: 60_000,
  };
  const inCluster = { ...defaults, host: '::', cluster: 'in-cluster', shutdownDelaySeconds: 10 };
  expect(await optionsOf(flags.split(' '))).toEqual({ ...inCluster, certificate, election, scan });
  const environment = { CERTIFICATE_SECRET: 's', LEASE: 'l', WEBHOOK_CONFIGURATION: 'w', CERTIFICATE_WAIT: '5' };
  vi.stubEnv('POD_NAMESPACE', '');
  vi.stubEnv('POD_NAME', '');
  expect(await optionsOf(['--kubeconfig', 'f', '--self-signed-host', 'a'], environment)).toEqual({
    ...defaults,
    cluster: { kubeconfig: 'f' },
    election: { lease: 'l', namespace: undefined },
    scan,
    certificate: {
      ...certificate,
      webhookConfiguration: 'w',
      service: undefined,
      clusterDomain: undefined,
      hosts: ['a'],
      waitMs: 5_000,
    },
  });
});

test('reads the environment, of which flags are the stronger', async () => {
  const environment = {
    PORT: '1',
    MONITORING_PORT: '2',
    HOST: '192.0.2.1',
    POLICY: '',
    SELF_SIGNED: 'true',
    SELF_SIGNED_HOST: 'a, b',
    SELF_SIGNED_CA: 'ca.pem',
    IN_CLUSTER: 'false',
    KUBECONFIG: 'f',
    LOG_LEVEL: 'warn',
    SHUTDOWN_DELAY: '3',
  };
  vi.stubEnv('PODWRIGHT_PORT', 'tcp://10.0.0.1:443');
  expect(await optionsOf(['--port', '3'], environment)).toEqual({
    host: '192.0.2.1',
    port: 3,
    monitoringPort: 2,
    policyFile: undefined,
    certificate: { hosts: ['a', 'b'], caFile: 'ca.pem' },
    cluster: { kubeconfig: 'f' },
    logLevel: 'warn',
    shutdownDelaySeconds: 3,
  });
});

test('accepts callers with a certificate', async () => {
  const clients = { caFile: 'ca.pem', names: ['a', 'system:b', 'c'] };
  const flags = '--client-ca ca.pem --client-name a,system:b --client-name c';
  expect(await optionsOf(flags.split(' '))).toEqual({ ...defaults, clients });
  const environment = { CLIENT_CA: 'ca.pem', CLIENT_NAME: 'a, system:b,c' };
  expect(await optionsOf([], environment)).toEqual({ ...defaults, clients });
  expect(await optionsOf([], { CLIENT_CA: '', CLIENT_NAME: '' })).toEqual(defaults);
});

test('scans at the given interval, or never', async () => {
  const inCluster = { ...defaults, host: '::', cluster: 'in-cluster', shutdownDelaySeconds: 10 };
  const flags = '--in-cluster --scan-interval 60 --reports openreports --max-reports 5';
  const scan = { everyMs: 60_000, reports: 'openreports', passes: false, maxReports: 5 };
  expect(await optionsOf(flags.split(' '))).toEqual({ ...inCluster, scan });
  expect(await optionsOf(['--in-cluster', '--lease', 'l', '--scan-interval', '0'])).toEqual({
    ...inCluster,
    election: { lease: 'l', namespace: undefined },
  });
});

test.each([
  [['--lease', 'l'], {}, { problem: '--lease needs a cluster: give --in-cluster or --kubeconfig' }],
  [['--scan-interval', '5'], {}, { problem: '--scan-interval needs a cluster: give --in-cluster or --kubeconfig' }],
  [
    ['--in-cluster', '--reports', 'openreports'],
    {},
    { problem: '--reports needs a scan: give --lease or --scan-interval' },
  ],
  [['--client-name', 'a'], {}, { problem: '--client-name needs --client-ca' }],
  [['--tls-cert', 'c'], {}, { problem: '--tls-cert and --tls-key must be given together' }],
  [
    ['--tls-cert', 'c', '--tls-key', 'k', '--self-signed'],
    {},
    { problem: '--self-signed and --tls-cert exclude each other' },
  ],
  [[], { SELF_SIGNED: 'no' }, { problem: 'no certificate: give --tls-cert and --tls-key, or allow --self-signed' }],
  [['--kubeconfig', 'f', '--in-cluster'], {}, { problem: '--kubeconfig and --in-cluster exclude each other' }],
  [['--certificate-secret', 's', '--in-cluster'], {}, { problem: '--certificate-secret needs --lease' }],
  [['--certificate-secret', 's', '--lease', 'l'], {}, { problem: '--certificate-secret needs --service' }],
  [
    ['--certificate-secret', 's', '--lease', 'l', '--service', 'p'],
    {},
    { problem: '--certificate-secret needs a cluster: give --in-cluster or --kubeconfig' },
  ],
  [
    ['--certificate-secret', 's', '--tls-cert', 'c', '--tls-key', 'k'],
    {},
    { problem: '--certificate-secret, --tls-cert and --self-signed exclude each other' },
  ],
  [
    ['--port', '65536'],
    {},
    ["error: option '--port <port>' argument '65536' is invalid. It must be a port from 0 to 65535."],
  ],
  [
    ['--shutdown-delay', 'x'],
    {},
    [expect.stringContaining("argument 'x' is invalid. It must be a number of seconds.")],
  ],
  [[], { IN_CLUSTER: 'maybe' }, [expect.stringContaining('IN_CLUSTER')]],
])('complains about %s %j', async (args, environment, complaint) => {
  expect(await optionsOf(args, environment)).toEqual(complaint);
});

test('serves until a signal, even if its log is not read', async () => {
  const caFile = join(testFolder(), 'ca.pem');
  const { child, ended } = startServe([...freePorts, '--self-signed-ca', caFile]);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('\n'));
  const { admission } = JSON.parse(output) as { admission: string };
  child.stdout?.pause();
  const client = testClient(Number(new URL(admission).port), readFileSync(caFile, 'utf8'));
  const namespace = 'n'.repeat(4_000);
  // Together more than the pipe holds.
  for (let count = 0; count < 60; count++)
    expect((await client.post('/validate', reviewText(badPod, { namespace }))).status).toBe(200);
  child.stdout?.resume();
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null, stderr: '' });
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter(({ event }) => event === 'admission').length).toBe(60);
  expect(lines.slice(-3).map(({ msg }) => msg)).toEqual([
    'received a signal',
    'shutting down; requests are still answered',
    'stopped',
  ]);
});

test('SIGHUP and SIGINT drain as SIGTERM does', async () => {
  async function drain(signal: NodeJS.Signals): Promise<void> {
    const { child, ended } = startServe(freePorts);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.includes('serving'));
    child.kill(signal);
    expect(await ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(output).toContain('shutting down; requests are still answered');
  }
  await Promise.all([drain('SIGHUP'), drain('SIGINT')]);
});

test('a second signal ends it at once', async () => {
  const { child, ended } = startServe([...freePorts, '--shutdown-delay', '60']);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('serving'));
  child.kill('SIGTERM');
  await until(() => output.includes('shutting down'));
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 1, signal: null, stderr: '' });
});

test('startup problems are reported in plain lines, with exit code 2', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const policy = join(testFolder(), 'policy.yaml');
  writeFileSync(policy, 'mode: stern\n');
  const runs = await Promise.all([
    startServe([...freePorts, '--port', String(port)]).ended,
    startServe([...freePorts, '--policy', policy]).ended,
  ]);
  expect(runs).toEqual([
    {
      code: 2,
      signal: null,
      stderr: `cannot listen on 127.0.0.1:${port}: the port is in use by another program; choose another with --port\n`,
    },
    {
      code: 2,
      signal: null,
      stderr: expect.stringContaining(`${policy}:1:1: mode: must be one of off, audit, warn, enforce`) as string,
    },
  ]);
});
