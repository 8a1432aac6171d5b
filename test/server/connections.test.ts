import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { goodPod, reviewText, startApp, until } from './support.ts';

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

test.each([
  ['half a header', 'POST /validate HTTP/1.1\r\nHost: a\r\n', 200],
  ['half a body', halfBody, 400],
  ['nothing', '', 200],
])('closes a connection that sends %s', async (_case, sent, atLeast) => {
  const { port, ca } = await startApp({ limits });
  const { text, after } = await received(port, ca, sent);
  expect(after).toBeGreaterThan(atLeast - 20);
  expect(after).toBeLessThan(atLeast + 400);
  expect(text.slice(0, 28)).toBe('HTTP/1.1 408 Request Timeout');
  expect(text.slice(-27)).toBe('{"error":"request timeout"}');
});

test('closes a connection that begins no handshake', async () => {
  const { port } = await startApp({ limits });
  const socket = connectTcp(port, '127.0.0.1');
  socket.resume().on('error', () => undefined);
  await new Promise((resolve) => socket.on('close', resolve));
});

test.each([
  [
    'two lengths',
    'POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a header without end', `GET / HTTP/1.1\r\nA: ${'a'.repeat(9_000)}\r\n\r\n`, 431],
  ['no HTTP', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
])('answers %s with a fixed body and closes', async (_case, sent, status) => {
  const { port, ca, valueOf } = await startApp({ limits });
  const { text } = await received(port, ca, sent);
  expect(text.split(' ')[1]).toBe(String(status));
  expect(text).toContain('Connection: close');
  expect(await valueOf(`admission_refused_total{status="${status}"}`)).toBe(1);
});

test.each([
  ['plain HTTP', { plain: true }],
  ['HTTP/2 only', { ALPNProtocols: ['h2'] }],
  ['TLS 1.1', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['a cipher without forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' }],
] as const)('does not speak to a client of %s', async (_case, options) => {
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

test('closes idle connections before it must turn one away, and counts those that it does', async () => {
  const { port, ca, client, valueOf } = await startApp({ limits: { maxConnections: 4 } });
  await client.post('/validate', reviewText(goodPod));
  const open = () => connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' }).on('error', () => undefined);
  const others = [open(), open()];
  await until(() => others.every((socket) => socket.authorized));
  others.push(open());
  // The fourth connection closes the client's, which idles, so that there is room for another.
  await until(() => others.every((socket) => socket.authorized) && Object.keys(client.agent.freeSockets).length === 0);
  expect((await client.post('/validate', reviewText(goodPod))).status).toBe(200);
  expect(await valueOf('admission_shed_total{reason="connections"}')).toBe(0);
  others.push(open());
  await until(async () => (await valueOf('admission_shed_total{reason="connections"}')) === 1);
  for (const socket of others) socket.destroy();
});

test('a call that was on its way when the server closes is judged, not answered 503', async () => {
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
