import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { badPod, goodPod, reviewText, startApp, until } from '../support.ts';
import { waitingWorld } from '../waiting-world.ts';

const limits = { handshakeTimeout: 200, headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };
const halfBody = 'POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';

/** What a client receives that sends this and then nothing, and after how many milliseconds it is closed. */
function received(port: number, ca: string, sent: string): Promise<{ text: string; after: number }> {
  const start = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' }, () => socket.write(sent));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ text, after: performance.now() - start }));
  });
}

const post = (...lines: string[]): string =>
  ['POST /validate HTTP/1.1', 'Host: a', 'Content-Type: application/json', ...lines].join('\r\n');

/** Longer than a test may take. */
const never = 600_000;

test.each([
  ['half a header', 'POST /validate HTTP/1.1\r\nHost: a\r\n', { requestTimeout: never }, 200],
  ['half a body', halfBody, {}, 400],
])('closes a connection that sends %s', async (_case, sent, others, atLeast) => {
  const { port, ca } = await startApp({ limits: { ...limits, ...others } });
  const { text, after } = await received(port, ca, sent);
  expect(after).toBeGreaterThan(atLeast - 20);
  expect(text.slice(0, 28)).toBe('HTTP/1.1 408 Request Timeout');
  expect(text.slice(-27)).toBe('{"error":"request timeout"}');
});

test('closes a connection that sends nothing like an idle one', async () => {
  const { port, ca } = await startApp({ limits: { ...limits, requestTimeout: never, keepAliveTimeout: 600 } });
  const { text, after } = await received(port, ca, '');
  expect(text).toBe('');
  expect(after).toBeGreaterThan(800 - 20);
});

test('answers on a connection that was spare for longer than headers may take', async () => {
  const { port, ca } = await startApp({ limits });
  const body = reviewText(goodPod);
  const head = post(`Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', '');
  const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' });
  setTimeout(() => socket.write(head + body), 2 * limits.headersTimeout + 4 * limits.connectionsCheckingInterval);
  expect((await textOf(socket)).split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
});

test('closes a connection that begins no handshake', async () => {
  const { port } = await startApp({ limits });
  const socket = connectTcp(port, '127.0.0.1');
  socket.resume().on('error', () => undefined);
  await new Promise((resolve) => socket.on('close', resolve));
});

test.each([
  ['a length and chunks', post('Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', ''), 400],
  ['two lengths', post('Content-Length: 2', 'Content-Length: 3', '', '{}'), 400],
  ['lines that end in LF alone', post('Content-Length: 2', '', '{}').replaceAll('\r', ''), 400],
  ['a header that is folded', post('X-Fold: a', ' b', 'Content-Length: 2', '', '{}'), 400],
  ['a space before the colon', post('Content-Length : 2', '', '{}'), 400],
  ['a chunk that ends in LF alone', post('Transfer-Encoding: chunked', '', '2\n{}', '0', '', ''), 400],
  ['another encoding of the transfer', post('Transfer-Encoding: gzip', '', '{}'), 400],
  ['a header without end', `GET / HTTP/1.1\r\nA: ${'a'.repeat(9_000)}\r\n\r\n`, 431],
  ['no HTTP', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
])('answers %s with a fixed body and closes', async (_case, sent, status) => {
  const { port, ca, valueOf } = await startApp();
  const { text } = await received(port, ca, sent);
  expect(text.split(' ')[1]).toBe(String(status));
  expect(text).toContain('Connection: close');
  expect(text.split('\r\n\r\n')[1]).toMatch(/^{"error":"(bad request|request header too large)"}$/);
  expect(await valueOf(`admission_refused_total{status="${status}"}`)).toBe(1);
});

test.each([
  ['plain HTTP', { plain: true }],
  ['HTTP/2 only', { ALPNProtocols: ['h2'] }],
  ['TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['a cipher without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
] as const)('does not communicate with a client of %s', async (_case, options) => {
  const { port, ca } = await startApp({ limits });
  const refused = new Promise((resolve) => {
    const base = { port, host: '127.0.0.1' };
    const socket =
      'plain' in options
        ? connectTcp(base, () => socket.write('GET / HTTP/1.1\r\n\r\n'))
        : connectTls({ ...base, ...options, ca, servername: 'localhost' } as never, () => resolve('connected'));
    socket.resume().on('error', () => undefined);
    socket.on('close', () => resolve('closed'));
  });
  expect(await refused).toBe('closed');
});

test('a call in transit when the server closes is evaluated, not answered with 503', async () => {
  const { app, port, ca } = await startApp();
  const review = reviewText(goodPod);
  const header = `POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${review.length}\r\n`;
  const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  socket.write(header);
  await until(() => socket.bytesWritten > 0);
  await pause();
  const closed = app.close();
  await pause();
  socket.write(`\r\n${review}`);
  await closed;
  await until(() => socket.closed);
  expect([text.split(' ')[1], /^connection: (.*)\r$/im.exec(text)?.[1]]).toEqual(['200', 'close']);
});

/** What the server answers to so many calls on one connection, sent at once, before it closes it. */
async function answersTo(calls: number, life: { connectionReviews: number; connectionMs: number }) {
  const { port, ca } = await startApp({ limits: { ...limits, ...life } });
  const review = reviewText(goodPod);
  let text = '';
  const socket = connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' });
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(`${post(`Content-Length: ${review.length}`, '')}\r\n${review}`.repeat(calls));
  await until(() => socket.closed || text.split('HTTP/1.1 ').length > calls);
  socket.destroy();
  const answers = text.split('HTTP/1.1 ').slice(1);
  return answers.map((answer) => [answer.slice(0, 3), /^connection: (.*)\r$/im.exec(answer)?.[1]]);
}

test('pipelined calls are answered in order, up to the last that a connection may carry', async () => {
  expect(await answersTo(5, { connectionReviews: 3, connectionMs: 0 })).toEqual([
    ['200', 'keep-alive'],
    ['200', 'keep-alive'],
    ['200', 'close'],
  ]);
});

test('a young connection may carry more', async () => {
  const kept = Array.from({ length: 5 }, () => ['200', 'keep-alive']);
  expect(await answersTo(5, { connectionReviews: 3, connectionMs: 3_600_000 })).toEqual(kept);
});

test('a client that disconnects during evaluation leaves no resources behind', async () => {
  const { world, evaluating, namespace } = waitingWorld();
  const { port, ca, lines, valueOf } = await startApp({ world });
  const headers = { 'content-type': 'application/json' };
  const left = request({ method: 'POST', host: '127.0.0.1', port, ca, path: '/validate', headers });
  left.on('error', () => undefined);
  left.end(reviewText(badPod));
  await evaluating;
  left.destroy();
  await new Promise((resolve) => left.on('close', resolve));
  namespace.arrive();
  await until(async () => (await valueOf('admission_in_flight')) === 0);
  expect(lines).toMatchObject([{ event: 'admission', verdict: 'deny' }]);
  expect(await valueOf('admission_refused_total{status="400"}')).toBeUndefined();
});
