import { X509Certificate } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Installation, install, leaseRules, quick, untilReady } from './support/installation.ts';
import { wanted } from './support/kubectl.ts';
import { pod } from './support/podwright.ts';
import type { Replica } from './support/replica.ts';
import { startLoad } from './support/tls-load.ts';
import { until } from './support/until.ts';

let installation: Installation;
afterEach(() => installation.remove());

const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
const certificatesIn = (pem: string): string[] => pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];

async function twoReplicas(name: string, timing = {}): Promise<[Replica, Replica]> {
  installation = await install(name);
  const replicas = await Promise.all([installation.start(0, timing), installation.start(1, timing)]);
  await untilReady(...replicas);
  return replicas;
}

/** The one that leads first. */
async function leaderFirst(replicas: readonly [Replica, Replica]): Promise<[Replica, Replica]> {
  const [first, second] = replicas;
  return (await first.metric('leader')) === 1 ? [first, second] : [second, first];
}

/** The API server calls every replica and is content. */
async function expectToServe(): Promise<void> {
  const { kubectl } = installation;
  const created = await kubectl.send(pod('probe'), 'create', '--dry-run=server', '-f', '-');
  expect(created).toMatchObject({ code: 0, stdout: 'pod/probe created (server dry run)\n' });
}

async function certificate(): Promise<string> {
  return text((await installation.secret()).data?.['tls.crt']);
}

async function untilRotated(old: string): Promise<void> {
  await until('another certificate', async () => ![old, ''].includes(await certificate()), 30);
}

async function rotate(): Promise<string> {
  const old = await certificate();
  await wanted(installation.kubectl('annotate', 'secret', 'podwright', 'podwright.dev/rotate=now'));
  return old;
}

test('two replicas that start with an empty Secret agree on one authority', async () => {
  const replicas = await twoReplicas('certificates-start');
  const { data = {}, metadata } = await installation.secret();
  expect({ keys: Object.keys(data), annotations: metadata.annotations?.['podwright.dev/phase'] }).toEqual({
    keys: ['ca.crt', 'tls.crt', 'tls.key'],
    annotations: 'current',
  });
  expect(await installation.bundles()).toEqual([text(data['ca.crt'])]);
  expect(certificatesIn(text(data['ca.crt']))).toHaveLength(1);
  const [leader, other] = await leaderFirst(replicas);
  const issued = replicas.flatMap(({ lines }) => lines.flatMap(({ step }) => step ?? []));
  expect(issued).toEqual(['issue', 'publish']);
  const series = [
    'leader',
    'ca_bundle_in_sync',
    'webhook_configuration_present{webhook="mutate.podwright.dev"}',
    'certificate_rotations_total{result="success"}',
    'certificate_rotations_total{result="failure"}',
    'watch_restarts_total{resource="secrets"}',
  ];
  expect(await Promise.all(series.map((name) => leader.metric(name)))).toEqual([1, 1, 1, 1, 0, 0]);
  expect(await Promise.all(series.map((name) => other.metric(name)))).toEqual([0, 1, 1, 0, 0, 0]);
  await expectToServe();
});

test('a rotation under load fails no connection', async () => {
  const replicas = await twoReplicas('certificates-rotation');
  const load = startLoad(
    installation,
    replicas.map(({ port }) => port),
  );
  const first = await rotate();
  await untilRotated(first);
  const second = await rotate();
  await untilRotated(second);
  await untilReady(...replicas);
  const { tried, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(tried).toBeGreaterThan(100);
  const [leader] = await leaderFirst(replicas);
  const rotation = ['issue', 'publish', 'mark', 'promote'];
  expect(leader.lines.flatMap(({ step }) => step ?? [])).toEqual(['issue', 'publish', ...rotation, ...rotation]);
  const [bundle = ''] = await installation.bundles();
  expect(certificatesIn(bundle)).toHaveLength(3);
});

test('a certificate is renewed before it expires, and expired authorities are removed', async () => {
  const replicas = await twoReplicas('certificates-renewal', { lifeMs: 30_000, renewBeforeMs: 20_000 });
  const load = startLoad(
    installation,
    replicas.map(({ port }) => port),
  );
  const first = await certificate();
  const expiry = new X509Certificate(first).validToDate.getTime();
  await untilRotated(first);
  expect(Date.now()).toBeLessThan(expiry);
  await until('the end of the first authority', () => Promise.resolve(Date.now() > expiry + 4_000));
  await untilReady(...replicas);
  const { failures } = await load.stop();
  expect(failures).toEqual([]);
  const { data = {} } = await installation.secret();
  for (const pem of [text(data['ca.crt']), ...(await installation.bundles())])
    for (const authority of certificatesIn(pem))
      expect(new X509Certificate(authority).validToDate.getTime()).toBeGreaterThan(expiry);
});

test('a deleted Secret is restored with the same certificate', async () => {
  const replicas = await twoReplicas('certificates-deletion');
  const { data, metadata } = await installation.secret();
  const load = startLoad(
    installation,
    replicas.map(({ port }) => port),
  );
  await wanted(installation.kubectl('delete', 'secret', 'podwright'));
  await until('the Secret', async () => (await installation.kubectl('get', 'secret', 'podwright')).code === 0, 10);
  const again = await installation.secret();
  expect([again.data, again.metadata.labels]).toEqual([data, metadata.labels]);
  await untilReady(...replicas);
  expect((await load.stop()).failures).toEqual([]);
});

test('a caBundle that is emptied or overwritten is restored', async () => {
  const replicas = await twoReplicas('certificates-wipe');
  const { kubectl, name } = installation;
  const [bundle] = await installation.bundles();
  const path = '/webhooks/0/clientConfig/caBundle';
  const foreign = Buffer.from(await foreignAuthority()).toString('base64');
  for (const patch of [
    { op: 'remove', path },
    { op: 'replace', path, value: foreign },
  ]) {
    const kind = 'validatingwebhookconfiguration';
    await wanted(kubectl('patch', kind, name, '--type=json', '-p', JSON.stringify([patch])));
    await until('the old bundle', async () => (await installation.bundles()).join() === bundle, 15);
    await untilReady(...replicas);
    await expectToServe();
  }
});

test('a deleted configuration is reported and not recreated', async () => {
  const [replica] = await twoReplicas('certificates-configuration');
  await wanted(installation.kubectl('delete', 'validatingwebhookconfiguration', installation.name));
  const series = (webhook: string) => `webhook_configuration_present{webhook="${webhook}.podwright.dev"}`;
  await until('the metric', async () => (await replica.metric(series('pods.validate'))) === 0, 10);
  expect(await replica.metric(series('mutate'))).toBe(1);
  expect(await replica.readiness()).toBe('ok');
});

test.each(['issue', 'publish', 'mark', 'promote'])(
  'the next leader continues if a leader dies after the step "%s"',
  async (step) => {
    const timing = { stepMs: 1_500 };
    const replicas = await twoReplicas(`certificates-${step}`, timing);
    const [leader, other] = await leaderFirst(replicas);
    const dead = new Promise<void>((resolve) => {
      leader.onLine((line) => {
        if (line.step === step) void leader.end('SIGKILL').then(resolve);
      });
    });
    const load = startLoad(installation, [other.port]);
    const old = await rotate();
    await dead;
    const again = await installation.start(leader === replicas[0] ? 0 : 1, timing);
    await untilRotated(old);
    await untilReady(again, other);
    const { failures } = await load.stop();
    // Calls of the replica that is dead fail, but nobody's certificate is doubted. By URL the API server also reaches
    // one that has only started, with a certificate for localhost, which a Service would not let it before it is ready.
    const doubts = failures.filter((failure) => /certificate|x509|tls/i.test(failure));
    expect(doubts.filter((failure) => !failure.includes('certificate is valid for localhost'))).toEqual([]);
    await expectToServe();
  },
);

test('a certificate that expired while no replica was running is replaced', async () => {
  installation = await install('certificates-expiry');
  const brief = await installation.start(0, { lifeMs: 5_000, renewBeforeMs: 0 });
  await untilReady(brief);
  const old = await certificate();
  await brief.end('SIGKILL');
  const expiry = new X509Certificate(old).validToDate.getTime();
  await until('the end of the certificate', () => Promise.resolve(Date.now() > expiry + 500));
  await untilReady(...(await Promise.all([installation.start(0), installation.start(1)])));
  expect(await certificate()).not.toBe(old);
  await expectToServe();
});

test('a leader that shuts down cleanly hands over immediately', async () => {
  const lease = { ...quick.lease, durationMs: 60_000 };
  const [leader, other] = await leaderFirst(await twoReplicas('certificates-handover', { lease }));
  await leader.end('SIGTERM');
  await until('the other to lead', async () => (await other.metric('leader')) === 1, 5);
});

test('without permission for the Lease there is no leader, and calls are answered', async () => {
  const replicas = await twoReplicas('certificates-forbidden');
  const { kubectl } = installation;
  const setRules = (rules: readonly object[]) =>
    wanted(kubectl('patch', 'role', 'podwright-lease', '--type=merge', '-p', JSON.stringify({ rules })));
  await setRules([]);
  await until(
    'the end of the leadership',
    async () => (await Promise.all(replicas.map(({ metric }) => metric('leader')))).join() === '0,0',
    20,
  );
  const complaints = () =>
    replicas.map(({ lines }) => lines.filter(({ level }) => level === 'warn').map(({ problem }) => problem));
  await until('both to say so', () => Promise.resolve(complaints().every(({ length }) => length > 0)), 10);
  const problem = expect.stringMatching(/^leases\.coordination\.k8s\.io "podwright" is forbidden: /) as string;
  expect(complaints()).toEqual([[problem], [problem]]);
  expect(await Promise.all(replicas.map(({ readiness }) => readiness()))).toEqual(['ok', 'ok']);
  await expectToServe();
  await setRules(leaseRules);
  const old = await rotate();
  await untilRotated(old);
});

test('a Secret without our label is not changed', async () => {
  installation = await install('certificates-foreign');
  await wanted(installation.kubectl('label', 'secret', 'podwright', 'podwright.dev/managed-by-'));
  const replica = await installation.start(0);
  const complaint =
    'Secret certificates-foreign/podwright lacks the label podwright.dev/managed-by=podwright and is left alone; delete it, or serve its certificate with --tls-cert and --tls-key';
  await until('the error', () => Promise.resolve(replica.lines.some(({ msg }) => msg === complaint)), 10);
  expect(await replica.readiness()).toBe(complaint);
  expect((await installation.secret()).data).toBeUndefined();
});

async function foreignAuthority(): Promise<string> {
  const { makeSelfSigned } = await import('../../src/server/certificate/self-signed.ts');
  return (await makeSelfSigned([], new Date())).ca;
}
