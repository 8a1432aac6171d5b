import { expect, test } from 'vitest';
import { ApiError, openApiClient, type WatchEvent } from '../../../src/cluster/api/api-client.ts';
import { until } from '../../server/support.ts';
import { type FakeAnswer, startFakeApi, writeKubeconfig } from '../support/fake-api.ts';
import { type KubeObject, storedObjects } from '../support/fake-collection.ts';

const pods = '/api/v1/namespaces/a/pods';
const pod: KubeObject = { metadata: { namespace: 'a', name: 'p' }, spec: { nodeName: 'n' } };

async function start() {
  const collection = storedObjects('Pod', [pod]);
  const api = await startFakeApi({ [pods]: collection });
  return { api, collection, client: openApiClient({ kubeconfig: api.kubeconfig }) };
}

/** What a person is told, and what a program needs to know. */
async function rejectionOf(answer: Promise<unknown>): Promise<readonly unknown[]> {
  const error = await answer.catch((reason: unknown) => reason);
  if (!(error instanceof ApiError)) throw new Error(`it is no refusal: ${String(error)}`);
  return [error.message, error.status, error.retryAfterMs];
}

test('objects come in full, or as their metadata', async () => {
  const { client } = await start();
  const metadata = { namespace: 'a', name: 'p', resourceVersion: '100' };
  expect(await client.get(pods)).toEqual({
    apiVersion: 'v1',
    kind: 'PodList',
    metadata: { resourceVersion: '100' },
    items: [{ metadata, spec: { nodeName: 'n' } }],
  });
  expect(await client.get(pods, { limit: 5 }, { metadataOnly: true })).toEqual({
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadataList',
    metadata: { resourceVersion: '100' },
    items: [{ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata }],
  });
});

test('a path tells whether metadata of one object or of many is meant', async () => {
  const { api, client } = await start();
  api.interfere(() => ({ status: 200, body: {} }));
  const apps = '/apis/apps/v1/namespaces/a/deployments';
  const paths = ['/api/v1/nodes', '/api/v1/nodes/n', pods, `${pods}/p`, '/apis/apps/v1/deployments', apps, `${apps}/d`];
  for (const path of paths) await client.get(path, {}, { metadataOnly: true });
  const kinds = api.requests.map(({ headers }) => /as=(\w+)/.exec(headers.accept ?? '')?.[1]);
  const [one, many] = ['PartialObjectMetadata', 'PartialObjectMetadataList'];
  expect(kinds).toEqual([many, one, many, one, many, many, one]);
});

test('what is sent says what it is', async () => {
  const { api, client } = await start();
  api.interfere(() => ({ status: 200, body: { done: true } }));
  expect(await client.send('POST', pods, { b: 2 })).toEqual({ done: true });
  await client.send('PATCH', `${pods}/p`, { a: 1 }, { contentType: 'application/merge-patch+json' });
  await client.send('DELETE', `${pods}/p`);
  const sent = api.requests.map(({ method, headers, body }) => [method, headers['content-type'], body]);
  expect(sent).toEqual([
    ['POST', 'application/json', '{"b":2}'],
    ['PATCH', 'application/merge-patch+json', '{"a":1}'],
    ['DELETE', undefined, ''],
  ]);
  expect(new Set(api.requests.map(({ headers }) => headers['user-agent']))).toEqual(new Set(['podwright']));
});

test("an error is reported with the API server's message, or its status", async () => {
  const { api, client } = await start();
  const forbidden = 'pods is forbidden: User "u" cannot list resource "pods"';
  const cases: readonly [FakeAnswer, readonly unknown[]][] = [
    [{ status: 403, body: { message: `${forbidden}\n` } }, [forbidden, 403, undefined]],
    [{ status: 502, body: '<html>\nnginx' }, ['the API server answered 502 Bad Gateway', 502, undefined]],
    [
      { status: 429, body: 'Too many', headers: { 'retry-after': '7' } },
      ['the API server answered 429 Too Many Requests', 429, 7000],
    ],
    [{ status: 429, body: { message: 'slow', details: { retryAfterSeconds: 3 } } }, ['slow', 429, 3000]],
  ];
  for (const [answer, told] of cases) {
    api.interfere(() => answer);
    expect(await rejectionOf(client.get(pods))).toEqual(told);
  }
});

test('an API server that is unreachable, drops the connection or does not answer is reported', async () => {
  const nobody = openApiClient({ kubeconfig: writeKubeconfig('http://127.0.0.1:1/') });
  const unreachable = 'the API server at http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1';
  expect(await rejectionOf(nobody.get(pods))).toEqual([unreachable, undefined, undefined]);
  const { api, client } = await start();
  api.interfere(() => 'cut');
  expect(await rejectionOf(client.get(pods))).toEqual([
    expect.stringMatching(/^the API server at http:\/\/127\.0\.0\.1:\d+ cannot be reached: other side closed$/),
    undefined,
    undefined,
  ]);
  api.interfere(() => 'silence');
  const late = 'the API server did not answer within 0.2 s';
  expect(await rejectionOf(client.get(pods, {}, { timeoutMs: 200 }))).toEqual([late, undefined, undefined]);
});

test('a signal ends a request and a watch with its reason', async () => {
  const { api, client } = await start();
  const stop = new Error('stop');
  const [request, watch] = [new AbortController(), new AbortController()];
  const events = client.watch(pods, {}, { idleMs: 5000, signal: watch.signal })[Symbol.asyncIterator]();
  const [waiting] = [events.next()];
  await until(() => api.watches.count(pods) === 1);
  watch.abort(stop);
  await expect(waiting).rejects.toBe(stop);
  api.interfere(() => 'silence');
  const answer = client.get(pods, {}, { signal: request.signal });
  await until(() => api.requests.length === 2);
  request.abort(stop);
  await expect(answer).rejects.toBe(stop);
  await until(() => api.watches.count(pods) === 0);
});

test('a rejected token is reloaded immediately', async () => {
  const { api } = await start();
  const kubeconfig = writeKubeconfig(api.server, { user: { token: 'old' } });
  const client = openApiClient({ kubeconfig });
  let valid = 'old';
  api.interfere(({ headers }) => (headers.authorization === `Bearer ${valid}` ? undefined : { status: 401 }));
  await client.get(pods);
  valid = 'new';
  writeKubeconfig(api.server, { user: { token: 'new' }, path: kubeconfig });
  await client.get(pods);
  await client.get(pods);
  const tokens = api.requests.map(({ headers }) => headers.authorization);
  expect(tokens).toEqual(['Bearer old', 'Bearer old', 'Bearer new', 'Bearer new']);
  valid = 'another';
  expect(await rejectionOf(client.get(pods))).toEqual(['the fake answers 401', 401, undefined]);
  expect(api.requests.length).toBe(6);
});

test('connections are kept', async () => {
  const { api, client } = await start();
  for (let times = 0; times < 20; times += 1) await client.get(pods);
  // One may not be free again quite when the next request comes.
  expect(new Set(api.requests.map(({ port }) => port)).size).toBeLessThan(3);
});

test('a watch gives events as they come, whatever pieces they come in, until the server ends it', async () => {
  const { api, collection, client } = await start();
  const events: WatchEvent[] = [];
  async function watch(): Promise<void> {
    const query = { resourceVersion: '100', allowWatchBookmarks: true };
    for await (const event of client.watch(pods, query, { metadataOnly: true, idleMs: 5000 })) events.push(event);
  }
  const ended = watch();
  await until(() => api.watches.count(pods) === 1);
  const note = 'é'.repeat(100_000);
  collection.put({ ...pod, metadata: { ...pod.metadata, note } });
  collection.remove(pod);
  api.watches.bookmark();
  await until(() => events.length === 3);
  api.watches.end();
  await ended;
  const metadata = { namespace: 'a', name: 'p' };
  const partial = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' };
  expect(events).toEqual([
    { type: 'MODIFIED', object: { ...partial, metadata: { ...metadata, note, resourceVersion: '101' } } },
    { type: 'DELETED', object: { ...partial, metadata: { ...metadata, resourceVersion: '102' } } },
    { type: 'BOOKMARK', object: { apiVersion: 'v1', kind: 'Pod', metadata: { resourceVersion: '102' } } },
  ]);
});

test('a watch that is silent, broken, forbidden or ended by an error is reported', async () => {
  const { api, collection, client } = await start();
  async function watch(): Promise<void> {
    for await (const _ of client.watch(pods, { resourceVersion: '100' }, { idleMs: 300 }));
  }
  const isOpen = () => until(() => api.watches.count(pods) === 1);
  expect(await rejectionOf(watch())).toEqual(['the watch received nothing for 0.3 s', undefined, undefined]);
  const cut = rejectionOf(watch());
  await isOpen();
  api.watches.cut();
  expect(await cut).toEqual([expect.stringMatching(/^the watch was cut off: /), undefined, undefined]);
  const failed = rejectionOf(watch());
  await isOpen();
  api.watches.fail(500, 'etcd is gone');
  expect(await failed).toEqual(['etcd is gone', 500, undefined]);
  collection.forget();
  expect(await rejectionOf(watch())).toEqual(['too old resource version: 100 (101)', 410, undefined]);
  api.interfere(() => ({ status: 403, body: { message: 'no' } }));
  expect(await rejectionOf(watch())).toEqual(['no', 403, undefined]);
});
