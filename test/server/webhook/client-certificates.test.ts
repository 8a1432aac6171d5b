import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { openClientAuthority } from '../../../src/server/certificate/client-authority.ts';
import type { KeyPair } from '../../../src/server/certificate/secure-options.ts';
import { makeClientAuthority } from '../../support/client-authority.ts';
import { startServer } from '../start-server.ts';
import { goodPod, keptLog, reviewText, startApp, testCertificate, testClient, testFolder, until } from '../support.ts';

const review = reviewText(goodPod);
const authority = await makeClientAuthority('the control plane');

/** What comes of a call with the certificate over a connection of its own. */
async function call(port: number, ca: string, presented: Partial<KeyPair> = {}): Promise<number | string> {
  const { post } = testClient(port, ca);
  const agent = new Agent({ ca, ...presented });
  onTestFinished(() => agent.destroy());
  return post('/validate', review, {}, agent).then(
    ({ status }) => status,
    () => 'refused',
  );
}

async function startGuarded(options: { readonly ca?: string; readonly clientNames?: readonly string[] } = {}) {
  const { ca: clientCa = authority.ca, clientNames } = options;
  const started = await startApp({ tls: { ...(await testCertificate()), clientCa }, clientNames });
  return { ...started, call: (presented?: Partial<KeyPair>) => call(started.port, started.ca, presented) };
}

test.each([
  ['none', 'missing', async () => ({})],
  // The list of authorities that the server sends keeps most clients from sending one of another.
  [
    'that of a stranger of the same name',
    'untrusted',
    async () => (await makeClientAuthority('the control plane')).issue('api'),
  ],
  ['one that has expired', 'expired', () => authority.issue('api', { hours: -1 })],
  ['one for servers', 'untrusted', () => authority.issue('api', { usage: 'server' })],
])('a caller with a certificate of the authority is let in; with %s it is refused', async (_case, reason, stranger) => {
  const { call, lines, valueOf } = await startGuarded();
  expect(await call(await authority.issue('api'))).toBe(200);
  expect(await call(await stranger())).toBe('refused');
  expect(await valueOf(`client_certificates_refused_total{reason="${reason}"}`)).toBe(1);
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { msg: 'rejected a caller because of its client certificate', reason },
  ]);
});

test('only the given names are accepted', async () => {
  const { call, lines, valueOf } = await startGuarded({ clientNames: ['api-1', 'api-2'] });
  const answers: (number | string)[] = [];
  for (const name of ['api-1', 'api-2', 'api-3', 'api-1.example'])
    answers.push(await call(await authority.issue(name)));
  expect(answers).toEqual([200, 200, 'refused', 'refused']);
  expect(await valueOf('client_certificates_refused_total{reason="name"}')).toBe(2);
  // Once in a while is enough, for anybody can have it logged.
  expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([{ reason: 'name', name: 'api-3' }]);
});

test('the CA file is watched, new connections need a certificate of the new CAs, and probes need none', async () => {
  const next = await makeClientAuthority('the next control plane');
  const caFile = join(testFolder(), 'client-ca.pem');
  const selfSignedCa = join(testFolder(), 'ca.pem');
  writeFileSync(caFile, authority.ca);
  const { port, lines, probe } = await startServer({
    certificate: { hosts: [], caFile: selfSignedCa },
    clients: { caFile, names: [] },
  });
  const ca = readFileSync(selfSignedCa, 'utf8');
  const [old, fresh] = await Promise.all([authority.issue('api'), next.issue('api')]);
  const callers = async () => [await call(port, ca, old), await call(port, ca, fresh)];
  expect(await callers()).toEqual([200, 'refused']);

  writeFileSync(caFile, authority.ca + next.ca);
  await until(async () => (await call(port, ca, fresh)) === 200);
  expect(await callers()).toEqual([200, 200]);

  writeFileSync(caFile, 'none');
  await until(() => lines.some(({ problem }) => problem === 'it contains no certificate in PEM format'));
  expect(await callers()).toEqual([200, 200]);

  const { session } = await connectOnce(port, ca, old);
  writeFileSync(caFile, next.ca);
  await until(async () => (await call(port, ca, old)) === 'refused');
  expect(await callers()).toEqual(['refused', 200]);
  expect((await connectOnce(port, ca, old, session)).isAnswered).toBe(false);
  for (const path of ['/livez', '/readyz']) expect(await probe(path)).toMatchObject({ status: 200 });
});

test('a session cannot be resumed, because its certificate would not be verified again', async () => {
  const { port, ca } = await startGuarded();
  const presented = await authority.issue('api');
  const { session, isAnswered } = await connectOnce(port, ca, presented);
  expect(isAnswered).toBe(true);
  expect((await connectOnce(port, ca, presented, session)).isReused).toBe(false);
  expect((await connectOnce(port, ca, {}, session)).isAnswered).toBe(false);
});

test.each([
  ['nothing', '', 'it contains no certificate in PEM format'],
  ['a certificate that is cut off', authority.ca.slice(0, 200), 'it contains a certificate that is not in PEM format'],
  [
    'another beside a good one',
    `${authority.ca}${authority.ca.replace('MII', '///')}`,
    'it contains a certificate that is not in PEM format',
  ],
])('a file of %s is refused at start', async (_case, text, problem) => {
  const caFile = join(testFolder(), 'client-ca.pem');
  writeFileSync(caFile, text);
  const opening = openClientAuthority(caFile, { log: keptLog().log, onChange: () => undefined });
  await expect(opening).rejects.toThrow(`--client-ca ${caFile}: ${problem}`);
});

/** A call by hand, with a session of an earlier one. */
function connectOnce(port: number, ca: string, presented: Partial<KeyPair>, session?: Buffer) {
  return new Promise<{ isAnswered: boolean; isReused: boolean; session: Buffer | undefined }>((resolve) => {
    let kept: Buffer | undefined;
    let isReused = false;
    let isAnswered = false;
    const socket: TLSSocket = connect(
      { port, host: '127.0.0.1', servername: 'localhost', ca, session, ...presented },
      () => {
        isReused = socket.isSessionReused();
        socket.write(
          `POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${review.length}\r\n\r\n${review}`,
        );
      },
    );
    socket.on('session', (given) => (kept = given));
    socket.on('data', (chunk) => (isAnswered ||= chunk.toString().startsWith('HTTP/1.1 200')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ isAnswered, isReused, session: kept }));
  });
}
