import { expect, test } from 'vitest';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { listPages } from '../../../src/cluster/api/list-pages.ts';
import { type FakeApi, type FakeRequest, startFakeApi } from '../support/fake-api.ts';
import { generatedObjects } from '../support/fake-collection.ts';

const quick = { firstMs: 10, longestMs: 20 };
const pods = '/api/v1/pods';
const podOf = (index: number) => ({ metadata: { namespace: 'a', name: `p-${index}` }, spec: {} });

async function start(count: number) {
  const collection = generatedObjects('Pod', count, podOf);
  const api = await startFakeApi({ [pods]: collection });
  return { api, collection, client: openApiClient({ kubeconfig: api.kubeconfig }) };
}

const namesIn = (items: readonly unknown[]): string[] =>
  (items as readonly ReturnType<typeof podOf>[]).map(({ metadata }) => metadata.name);

/** Every page until the end, or until the error that comes last. */
async function pagesOf(pages: AsyncIterable<readonly unknown[]>): Promise<unknown[]> {
  const found: unknown[] = [];
  try {
    for await (const page of pages) found.push(namesIn(page));
  } catch (error) {
    found.push((error as Error).message);
  }
  return found;
}

/** Answers the requests from the given one on, counted from 1, as told. */
function failFrom(api: FakeApi, from: number, times: number, answer: Parameters<FakeApi['interfere']>[0]): void {
  let count = 0;
  api.interfere((request: FakeRequest) => {
    count += 1;
    return count >= from && count < from + times ? answer?.(request) : undefined;
  });
}

const gaps = ({ requests }: FakeApi): number[] =>
  requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));

test('pages come one by one in order, as metadata if that is enough', async () => {
  const { api, client } = await start(5);
  const pages = listPages(client, pods, { limit: 2, query: { fieldSelector: 'spec.nodeName=n' }, metadataOnly: true });
  expect(await pagesOf(pages)).toEqual([['p-0', 'p-1'], ['p-2', 'p-3'], ['p-4']]);
  expect(
    api.requests.map(({ query }) => [query.get('limit'), query.get('fieldSelector'), query.has('continue')]),
  ).toEqual([
    ['2', 'spec.nodeName=n', false],
    ['2', 'spec.nodeName=n', true],
    ['2', 'spec.nodeName=n', true],
  ]);
  const { value } = await listPages(client, pods, { limit: 1, metadataOnly: true }).next();
  expect(value).toEqual([{ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: podOf(0).metadata }]);
});

test('an empty collection is one empty page', async () => {
  const { client } = await start(0);
  expect(await pagesOf(listPages(client, pods, { limit: 2 }))).toEqual([[]]);
});

test('a list that expires goes on where it was', async () => {
  const { api, collection, client } = await start(5);
  const found: string[] = [];
  for await (const items of listPages(client, pods, { limit: 2 })) {
    found.push(...namesIn(items));
    if (found.length === 2) collection.forget();
  }
  expect(found).toEqual(['p-0', 'p-1', 'p-2', 'p-3', 'p-4']);
  // Two of three pages are asked for with a token, and one of them again.
  expect(api.requests.length).toBe(4);
});

test('an expired list that cannot go on is over', async () => {
  const { api, client } = await start(5);
  failFrom(api, 2, 1, () => ({ status: 410, body: { message: 'too old' } }));
  expect(await pagesOf(listPages(client, pods, { limit: 2 }))).toEqual([['p-0', 'p-1'], 'too old']);
});

test('Retry-After is respected, and temporary errors do not end a list', async () => {
  const { api, client } = await start(3);
  failFrom(api, 2, 2, (request) =>
    request.at === api.requests[1]?.at ? { status: 429, headers: { 'retry-after': '1' } } : 'cut',
  );
  expect(await pagesOf(listPages(client, pods, { limit: 2, backoff: quick }))).toEqual([['p-0', 'p-1'], ['p-2']]);
  const [, afterBusy = 0, afterCut = 0] = gaps(api);
  expect(afterBusy).toBeGreaterThanOrEqual(995);
  expect(afterBusy).toBeLessThan(1500);
  expect(afterCut).toBeGreaterThanOrEqual(10);
  expect(afterCut).toBeLessThan(500);
});

test('a refusal ends the list at once, and so does an API server that is not there from the beginning', async () => {
  const { api, client } = await start(3);
  failFrom(api, 2, 1, () => ({ status: 403, body: { message: 'pods is forbidden' } }));
  expect(await pagesOf(listPages(client, pods, { limit: 2 }))).toEqual([['p-0', 'p-1'], 'pods is forbidden']);
  failFrom(api, 1, 1, () => 'cut');
  expect(await pagesOf(listPages(client, pods, { limit: 2 }))).toEqual([expect.stringMatching(/cannot be reached/)]);
});

test('a signal ends the waiting', async () => {
  const { api, client } = await start(3);
  failFrom(api, 1, 9, () => ({ status: 429, headers: { 'retry-after': '60' } }));
  const closing = new AbortController();
  const pages = pagesOf(listPages(client, pods, { limit: 2, signal: closing.signal }));
  await expect.poll(() => api.requests.length).toBe(1);
  closing.abort(new Error('enough'));
  expect(await pages).toEqual(['enough']);
});

test('retries are limited', async () => {
  const { api, client } = await start(3);
  failFrom(api, 1, 99, () => ({ status: 500, body: { message: 'etcd is gone' } }));
  expect(await pagesOf(listPages(client, pods, { limit: 2, backoff: quick }))).toEqual(['etcd is gone']);
  expect(api.requests.length).toBe(6);
});
