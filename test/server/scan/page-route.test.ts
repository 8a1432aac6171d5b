import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { buildMonitoring } from '../../../src/server/monitoring/index.ts';
import { addScanPage } from '../../../src/server/scan/page-route.ts';
import { testMetrics } from '../support.ts';

interface State {
  html?: Buffer | undefined;
  isLeader: boolean;
  leader?: string | undefined;
}

/** The monitoring port of a replica. */
async function monitoring(state: State) {
  const app = buildMonitoring(testMetrics().metrics, () => []);
  const election = {
    get isLeader() {
      return state.isLeader;
    },
    get leader() {
      return state.leader;
    },
  };
  const page = {
    get html() {
      return state.html;
    },
  };
  addScanPage(app, { page, election, namespace: 'guard' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return { app, port };
}

/** What a page says, without its markup. */
const wordsIn = (page: string): string =>
  (/<body>([\s\S]*)<script>/.exec(page)?.[1] ?? page)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const html = Buffer.from('<p>the page</p>');

test('the leader serves the page, only to read, and nobody keeps it', async () => {
  const { app } = await monitoring({ html, isLeader: true });
  const { statusCode, headers, body } = await app.inject('/scan');
  expect([statusCode, body]).toEqual([200, '<p>the page</p>']);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-length': '15',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    ),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  });
  const head = await app.inject({ method: 'HEAD', path: '/scan' });
  expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, '15', '']);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)
    expect((await app.inject({ method, path: '/scan' })).statusCode).toBe(404);
});

test('before the first scan is complete, the page says so', async () => {
  const { app } = await monitoring({ isLeader: true });
  const { statusCode, headers, body } = await app.inject('/scan');
  expect([statusCode, headers['cache-control']]).toEqual([503, 'no-store']);
  expect(wordsIn(body)).toBe(
    'No scan has ended yet The first scan starts some seconds after a replica becomes the leader. Reload the page later; if a scan fails, the log says why.',
  );
});

test('another replica names the Pod of the leader, and the command that leads to it', async () => {
  const state: State = { html, isLeader: false, leader: 'podwright-7d4b9c5f6-x2x7k_5e6f' };
  const { port } = await monitoring(state);
  const response = await fetch(`http://127.0.0.1:${port}/scan`);
  expect(response.status).toBe(503);
  const said = wordsIn(await response.text());
  expect(said).toBe(
    `Another replica scans this cluster The leader is the Pod podwright-7d4b9c5f6-x2x7k. End this connection, connect to the leader and reload the page: kubectl port-forward --namespace guard pod/podwright-7d4b9c5f6-x2x7k ${port}:${port} Its page is then at http://127.0.0.1:${port}/scan.`,
  );
  state.isLeader = true;
  expect(await (await fetch(`http://127.0.0.1:${port}/scan`)).text()).toBe('<p>the page</p>');
});

test.each([undefined, 'a machine; rm -rf /_1', '$(reboot)_1', '<b>_1', 'without-number'])(
  'a leader called %s is no Pod, and no command is made of it',
  async (leader) => {
    const { app } = await monitoring({ isLeader: false, leader });
    expect(wordsIn((await app.inject('/scan')).body)).toBe(
      'Another replica scans this cluster There is no leader at the moment. Reload the page in some seconds.',
    );
  },
);

test.each([
  ['localhost:9090', 200],
  ['127.0.0.1:9090', 200],
  ['10.42.0.7:9090', 200],
  ['[::1]:9090', 200],
  ['podwright', 200],
  ['podwright.podwright-system.svc:9090', 200],
  ['podwright.podwright-system.svc.cluster.local', 200],
  ['evil.example', 403],
  ['podwright.podwright-system.svc.evil.example:9090', 403],
  ['127.0.0.1.evil.example', 403],
])('who comes by the name %s gets %i', async (host, status) => {
  const { app } = await monitoring({ html, isLeader: true });
  const { statusCode, body } = await app.inject({ path: '/scan', headers: { host } });
  expect([statusCode, body === String(html)]).toEqual([status, status === 200]);
});

test('a request with a body is rejected, and its connection closed', async () => {
  const { port } = await monitoring({ html, isLeader: true });
  const asked = request({ port, host: '127.0.0.1', path: '/scan', headers: { 'content-length': 1_000_000 } });
  onTestFinished(() => void asked.destroy());
  asked.write('{');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', reject);
  });
  expect([response.statusCode, response.headers]).toEqual([400, expect.objectContaining({ connection: 'close' })]);
});
