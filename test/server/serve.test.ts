import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { makeSelfSigned, type SelfSigned } from '../../src/server/certificate/self-signed.ts';
import { startFakeApi } from '../cluster/support/fake-api.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';
import { crowdAt, many } from './crowd.ts';
import { startServer } from './start-server.ts';
import { badPod, goodPod, reviewText, testClient, testFolder, until } from './support.ts';

const now = new Date();

async function certificateFiles(made: SelfSigned) {
  const folder = testFolder();
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  const write = ({ cert, key }: SelfSigned): void => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
  };
  write(made);
  return { files, write };
}

test('serves on built-in defaults, and writes the authority that clients are to trust', async () => {
  const caFile = join(testFolder(), 'ca.pem');
  const { serving, port, lines, probe, valueOf } = await startServer({ certificate: { hosts: [], caFile } });
  const client = testClient(port, readFileSync(caFile, 'utf8'));
  const { text } = await client.post('/validate', reviewText(badPod));
  expect(JSON.parse(text)).toMatchObject({ response: { uid: 'uid-1', allowed: false } });
  const { admission, monitoring } = serving;
  expect(lines[0]).toMatchObject({ msg: 'serving', admission, monitoring, policy: 'hash-of-enforce', mode: 'enforce' });
  expect(await probe('/livez')).toMatchObject({ status: 200, text: 'ok\n' });
  expect(await probe('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
  const days = (((await valueOf('certificate_expiry_timestamp_seconds')) ?? 0) - Date.now() / 1000) / 86_400;
  expect(days).toBeCloseTo(365, 1);
  const scraped = await probe('/metrics');
  expect(scraped.type).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(scraped.text).toContain(
    'podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"} 1\n',
  );
  expect(await probe('/')).toMatchObject({ status: 404, text: 'not found\n' });
});

test('a start that fails leaves nothing open', async () => {
  const paths = ['/api/v1/namespaces', '/api/v1/limitranges'];
  const api = await startFakeApi(Object.fromEntries(paths.map((path) => [path, storedObjects('', [])])));
  const certificate = { hosts: [], caFile: '/nowhere/ca.pem' };
  await expect(startServer({ certificate, cluster: { kubeconfig: api.kubeconfig } })).rejects.toThrow(
    'cannot write /nowhere/ca.pem: ',
  );
  await sleep(200);
  // a busy machine takes a while to notice closed connections
  await until(() => paths.every((path) => api.watches.count(path) === 0));
});

test('a stop under load fails no call of a client that keeps connections', async () => {
  const made = await makeSelfSigned([], now);
  const { files } = await certificateFiles(made);
  const delay = Promise.withResolvers<void>();
  const waited: number[] = [];
  const wait = (milliseconds: number): Promise<void> => {
    waited.push(milliseconds);
    return delay.promise;
  };
  const { serving, port, probe, lines } = await startServer({ certificate: files, shutdownDelaySeconds: 3 }, { wait });
  const client = testClient(port, made.ca);
  const answers: { status: number; connection: string | undefined; isReused: boolean }[] = [];
  let isStopping = false;
  const worker = async (): Promise<void> => {
    for (let more = 4; more > 0; more -= Number(isStopping)) {
      const { status, headers, isReused } = await client.post('/validate?timeout=5s', reviewText(goodPod));
      answers.push({ status, connection: headers.connection, isReused });
    }
  };
  const workers = Array.from({ length: 4 }, worker);
  await until(() => answers.length > 100);
  const before = answers.length;
  const stopping = serving.stop();
  isStopping = true;
  expect(await probe('/readyz')).toMatchObject({ status: 503, text: 'the server is shutting down\n' });
  expect(await probe('/livez')).toMatchObject({ status: 200 });
  // New connections are still accepted; in a cluster they go elsewhere by and by.
  await Promise.all(workers);
  expect(waited).toEqual([3_000]);
  delay.resolve();
  await stopping;
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(answers.slice(0, before).every(({ connection }) => connection === 'keep-alive')).toBe(true);
  // Those that were on their way when the order came are not marked any more.
  const marked = answers.slice(before + workers.length);
  expect(marked.length).toBe(12);
  expect(new Set(marked.map(({ connection }) => connection))).toEqual(new Set(['close']));
  expect(marked.slice(workers.length).some(({ isReused }) => isReused)).toBe(false);
  expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
  await expect(client.post('/validate', reviewText(goodPod))).rejects.toThrow('ECONNREFUSED');
});

test('idle pooled connections can still make calls after the stop signal, and are closed without an error', async () => {
  const made = await makeSelfSigned([], now);
  const { files } = await certificateFiles(made);
  const delay = Promise.withResolvers<void>();
  const { serving, port } = await startServer({ certificate: files }, { wait: () => delay.promise });
  const client = testClient(port, made.ca);
  const pooled: Socket[] = [];
  const errors: Error[] = [];
  client.agent.on('free', (socket: Socket) => {
    pooled.push(socket);
    socket.on('error', (error) => errors.push(error));
  });
  await Promise.all([1, 2].map(() => client.post('/validate', reviewText(goodPod))));
  expect(pooled.length).toBe(2);
  const stopped = serving.stop();
  const { status, headers, isReused } = await client.post('/validate', reviewText(goodPod));
  expect([status, headers.connection, isReused]).toEqual([200, 'close', true]);
  delay.resolve();
  await stopped;
  await until(() => pooled.every(({ closed }) => closed));
  expect([Object.keys(client.agent.freeSockets), errors]).toEqual([[], []]);
});

test('a crowd of silent connections blocks neither probes nor scrapes', async () => {
  const { serving, probe } = await startServer();
  const { port } = new URL(serving.monitoring);
  const silent = (localAddress: string) => crowdAt(localAddress, { port: Number(port), ca: '' }).silent;
  await many(200, silent('127.0.0.1'));
  await many(200, silent('127.0.0.2'));
  for (const path of ['/livez', '/readyz', '/metrics']) expect(await probe(path)).toMatchObject({ status: 200 });
  expect(await probe('/%zz')).toMatchObject({ status: 400, text: 'bad request\n' });
});

test('a new certificate is used for new connections, and pooled ones continue', async () => {
  const [first, second, other] = await Promise.all([
    makeSelfSigned([], now),
    makeSelfSigned([], now),
    makeSelfSigned([], now),
  ]);
  const { files, write } = await certificateFiles(first);
  const { port, valueOf, lines } = await startServer({ certificate: files });
  const client = testClient(port, first.ca + second.ca);
  const serials: string[] = [];
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver) serials.push((await client.post('/validate', reviewText(goodPod))).certificate.serialNumber);
  };
  const workers = Array.from({ length: 4 }, worker);
  const fresh = async () => {
    const agent = new Agent({ keepAlive: false, ca: first.ca + second.ca });
    return (await client.post('/validate', reviewText(goodPod), {}, agent)).certificate.serialNumber;
  };
  const serialOf = ({ cert }: SelfSigned) => new X509Certificate(cert).serialNumber;
  await until(() => serials.length > 50);

  write({ ...second, key: other.key });
  await until(() => lines.some(({ problem }) => problem === 'the private key does not match the certificate'));
  expect(await fresh()).toBe(serialOf(first));

  write(second);
  await until(async () => (await fresh()) === serialOf(second));
  const count = serials.length;
  await until(() => serials.length > count + 50);
  isOver = true;
  await Promise.all(workers);
  expect(new Set(serials)).toEqual(new Set([serialOf(first)]));
  const expiry = new X509Certificate(second.cert).validToDate.getTime() / 1000;
  expect(await valueOf('certificate_expiry_timestamp_seconds')).toBe(expiry);
});

test('a certificate that expires while it is served makes the server not ready', async () => {
  const { files, write } = await certificateFiles(await makeSelfSigned([], now));
  /** On a slow machine the server may find the certificate expired already, and not start. */
  async function startBeforeExpiry(leftMs: number): ReturnType<typeof startServer> {
    write(await makeSelfSigned([], new Date(Date.now() - 365 * 24 * 3600_000 + leftMs)));
    const starting = startServer({ certificate: files });
    return leftMs > 30_000 ? starting : starting.catch(() => startBeforeExpiry(2 * leftMs));
  }
  const { probe } = await startBeforeExpiry(2_000);
  await until(async () => (await probe('/readyz')).status === 503);
  expect(await probe('/readyz')).toMatchObject({ text: 'the certificate has expired\n' });
  write(await makeSelfSigned([], now));
  await until(async () => (await probe('/readyz')).status === 200);
});

test('verdicts follow the policy file', async () => {
  const made = await makeSelfSigned([], now);
  const { files } = await certificateFiles(made);
  const policyFile = join(testFolder(), 'policy.yaml');
  const write = (mode: string): void =>
    writeFileSync(policyFile, `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nextends: strict\nmode: ${mode}\n`);
  write('enforce');
  const { port } = await startServer({ certificate: files, policyFile });
  const client = testClient(port, made.ca);
  const isAllowed = async () =>
    (JSON.parse((await client.post('/validate', reviewText(badPod))).text) as { response: { allowed: boolean } })
      .response.allowed;
  expect(await isAllowed()).toBe(false);
  write('audit');
  await until(isAllowed);
});

test('a port in use and an unwritable file are reported in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  await expect(startServer({ port })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: the port is in use by another program; choose another with --port`,
  );
  await expect(startServer({ monitoringPort: port })).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port}: the port is in use by another program; choose another with --monitoring-port`,
  );
  await expect(startServer({ certificate: { hosts: [], caFile: '/nowhere/ca.pem' } })).rejects.toThrow(
    "cannot write /nowhere/ca.pem: ENOENT: no such file or directory, open '/nowhere/ca.pem'; choose another file with --self-signed-ca",
  );
});

test('listens on both address families where there are two', async () => {
  const { serving } = await startServer({ host: '::' });
  const hasIpv6 = existsSync('/proc/net/if_inet6') && readFileSync('/proc/net/if_inet6', 'utf8') !== '';
  expect(new URL(serving.admission).hostname).toBe(hasIpv6 ? '[::]' : '0.0.0.0');
  const { port } = new URL(serving.monitoring);
  for (const host of ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])])
    expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200);
});
