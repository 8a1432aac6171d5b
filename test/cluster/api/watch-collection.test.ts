import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { watchCollection } from '../../../src/cluster/api/watch-collection.ts';
import { keptLog, until } from '../../server/support.ts';
import { type FakeAnswer, type FakeRequest, startFakeApi } from '../support/fake-api.ts';
import { storedObjects } from '../support/fake-collection.ts';

const path = '/api/v1/things';
const thing = (name: string, value = 0) => ({ metadata: { name, labels: { value: String(value) } }, spec: { value } });
type Thing = ReturnType<typeof thing>;

interface Settings {
  readonly idleMs?: number;
  readonly metadataOnly?: boolean;
  readonly count?: number;
  readonly first?: FakeAnswer;
}

/** Follows a collection, and keeps what is told of it. */
async function start({ idleMs = 5_000, metadataOnly = false, count = 2, first }: Settings = {}) {
  const collection = storedObjects(
    'Thing',
    Array.from({ length: count }, (_, index) => thing(`t-${index}`)),
  );
  const api = await startFakeApi({ [path]: collection });
  if (first !== undefined) api.interfere(() => first);
  const { log, lines } = keptLog('info');
  const told: string[] = [];
  const heard = { restarted: 0, heard: 0 };
  const watched = watchCollection<string>({
    client: openApiClient({ kubeconfig: api.kubeconfig }),
    resource: 'things',
    path,
    metadataOnly,
    read(object) {
      const { metadata, spec } = object as Partial<Thing>;
      return `${metadata?.name}=${spec?.value ?? `label ${metadata?.labels.value}`}`;
    },
    onReplace: (items, isFirst) => void told.push(`${isFirst ? 'first ' : ''}all: ${items.slice(0, 3).join(' ')}`),
    onUpsert: (item) => void told.push(item),
    onDelete: (item) => void told.push(`gone: ${item}`),
    onRejected: () => void told.push('refused'),
    ifRejected: 'things are unknown',
    idleMs,
    backoff: { firstMs: 20, longestMs: 80 },
    metrics: { restarted: () => void (heard.restarted += 1), heard: () => void (heard.heard += 1) },
    log,
  });
  onTestFinished(() => watched.close());
  const isWatching = () => until(() => api.watches.count(path) === 1);
  const tells = (what: string) => until(() => told.includes(what));
  const warnings = () =>
    lines.map(({ level, msg, problem }) =>
      [level, msg, ...(problem === undefined ? [] : [problem])].map(String).join(': '),
    );
  return { api, collection, watched, told, heard, isWatching, tells, warnings };
}

const kindsOf = (requests: readonly FakeRequest[]): string[] =>
  requests.map(({ isWatch, query }) => (isWatch ? `watch from ${query.get('resourceVersion')}` : 'list'));

test('a collection is listed in pages and then followed', async () => {
  const { api, collection, watched, told, heard, isWatching, tells } = await start({ count: 1001 });
  expect(watched.isListed).toBe(false);
  await isWatching();
  expect(watched.isListed).toBe(true);
  collection.put(thing('new', 1));
  collection.put(thing('new', 2));
  collection.remove(thing('new', 2));
  await tells('gone: new=2');
  expect(told).toEqual(['first all: t-0=0 t-1=0 t-10=0', 'new=1', 'new=2', 'gone: new=2']);
  expect(kindsOf(api.requests)).toEqual(['list', 'list', 'list', 'watch from 100']);
  const [, , , watch] = api.requests;
  expect(watch?.query.get('allowWatchBookmarks')).toBe('true');
  expect(Number(watch?.query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
  expect(heard).toEqual({ restarted: 0, heard: 4 });
});

test('metadata is enough where that is said', async () => {
  const { collection, told, isWatching, tells } = await start({ metadataOnly: true });
  await isWatching();
  collection.put(thing('new', 7));
  await tells('new=label 7');
  expect(told).toEqual(['first all: t-0=label 0 t-1=label 0', 'new=label 7']);
});

test('a watch that the server ends goes on where it was, bookmarks included, which is not worth a word', async () => {
  const { api, collection, heard, isWatching, tells, warnings } = await start();
  await isWatching();
  collection.put(thing('new'));
  await tells('new=0');
  collection.forget();
  api.watches.bookmark();
  await until(() => heard.heard === 3);
  api.watches.end();
  await isWatching();
  expect(kindsOf(api.requests)).toEqual(['list', 'watch from 100', 'watch from 102']);
  expect(heard.restarted).toBe(0);
  expect(warnings()).toEqual([]);
});

test('a broken watch goes on where it was', async () => {
  const { api, collection, heard, isWatching, tells, warnings } = await start();
  await isWatching();
  api.watches.cut();
  collection.put(thing('meanwhile'));
  await tells('meanwhile=0');
  expect(kindsOf(api.requests)).toEqual(['list', 'watch from 100', 'watch from 100']);
  expect(heard.restarted).toBe(1);
  expect(warnings()).toEqual([expect.stringMatching(/^warn: the watch failed; retrying: the watch was cut off: /)]);
});

test('a silent watch is restarted, and missed changes are recovered', async () => {
  const { api, collection, heard, isWatching, tells, warnings } = await start({ idleMs: 400 });
  await isWatching();
  api.watches.silence();
  collection.put(thing('missed'));
  await tells('missed=0');
  expect(heard.restarted).toBe(1);
  expect(warnings()).toEqual(['warn: the watch failed; retrying: the watch received nothing for 0.4 s']);
});

test('bookmarks keep a watch', async () => {
  const { api, heard, isWatching } = await start({ idleMs: 1_000 });
  await isWatching();
  const timer = setInterval(() => api.watches.bookmark(), 50);
  onTestFinished(() => clearInterval(timer));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(kindsOf(api.requests)).toEqual(['list', 'watch from 100']);
  expect(heard.restarted).toBe(0);
});

test('after a long outage everything is listed again, and deleted objects are gone', async () => {
  const { api, collection, told, heard, isWatching, tells, warnings } = await start();
  await isWatching();
  api.interfere(() => 'cut');
  api.watches.cut();
  collection.remove(thing('t-0'));
  collection.put(thing('t-2', 5));
  collection.forget();
  await until(() => api.requests.length > 4);
  expect(told).toEqual(['first all: t-0=0 t-1=0']);
  api.interfere(undefined);
  await tells('all: t-1=0 t-2=5');
  await isWatching();
  expect(told.length).toBe(2);
  expect(kindsOf(api.requests).slice(-3)).toEqual(['watch from 100', 'list', 'watch from 103']);
  expect(heard.restarted).toBeGreaterThan(2);
  expect(new Set(warnings()).size).toBe(warnings().length);
});

test('a watch that would begin too early has all listed again, which is not worth a word either', async () => {
  const { api, collection, heard, isWatching, warnings } = await start();
  await isWatching();
  collection.forget();
  api.watches.end();
  await isWatching();
  expect(kindsOf(api.requests)).toEqual(['list', 'watch from 100', 'watch from 100', 'list', 'watch from 101']);
  expect(heard.restarted).toBe(0);
  expect(warnings()).toEqual([]);
});

test('nothing is missed when a list expires on the way', async () => {
  const { api, collection, tells } = await start({ count: 1001 });
  api.interfere(({ query }) => {
    if (!query.has('continue')) return undefined;
    api.interfere(undefined);
    collection.forget();
    collection.put(thing('t-0', 9));
    return undefined;
  });
  await tells('all: t-0=9 t-1=0 t-10=0');
});

test('an event of type ERROR has all listed again', async () => {
  const { api, isWatching, warnings } = await start();
  await isWatching();
  api.watches.fail(500, 'etcd lost its memory');
  await isWatching();
  expect(kindsOf(api.requests)).toEqual(['list', 'watch from 100', 'list', 'watch from 100']);
  expect(warnings()).toEqual(['warn: the watch failed; retrying: etcd lost its memory']);
});

test('a busy API server gets one request at a time, and none until Retry-After has passed', async () => {
  const busy = { status: 429, headers: { 'retry-after': '1' } };
  const { api, isWatching, watched } = await start({ first: busy });
  const asked = new Set<boolean>();
  // Both the first list and the first watch.
  api.interfere(({ isWatch }) => {
    if (asked.has(isWatch)) return undefined;
    asked.add(isWatch);
    return busy;
  });
  await isWatching();
  expect(watched.isListed).toBe(true);
  const lists = api.requests.filter(({ isWatch }) => !isWatch);
  const watches = api.requests.filter(({ isWatch }) => isWatch);
  expect(watches.length).toBe(2);
  for (const requests of [lists, watches])
    for (const [index, { at }] of requests.entries())
      if (index > 0) expect(at - (requests[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(995);
  expect(kindsOf(api.requests)).toEqual([...kindsOf(lists), ...kindsOf(watches)]);
});

test('a forbidden list is reported once, and recovers with the permission', async () => {
  const forbidden = 'things is forbidden: User "u" cannot list resource "things"';
  const { api, watched, told, isWatching, warnings } = await start({
    first: { status: 403, body: { message: forbidden } },
  });
  await until(() => api.requests.length === 4);
  expect([watched.isListed, watched.isRejected]).toEqual([false, true]);
  api.interfere(undefined);
  await isWatching();
  expect([watched.isListed, watched.isRejected]).toEqual([true, false]);
  expect(new Set(told)).toEqual(new Set(['refused', 'first all: t-0=0 t-1=0']));
  expect(warnings()).toEqual([
    `warn: things may not be read, so things are unknown; retrying: ${forbidden}`,
    'info: things can be read now',
  ]);
});

test('where only watches are refused the list is what keeps it up to date', async () => {
  const { api, collection, watched, tells } = await start();
  api.interfere(({ isWatch }) => (isWatch ? { status: 403 } : undefined));
  await until(() => watched.isListed);
  collection.put(thing('t-2'));
  await tells('all: t-0=0 t-1=0 t-2=0');
});

test('closing ends the requests, and nothing is reported afterwards', async () => {
  const { api, collection, watched, told, isWatching } = await start();
  await isWatching();
  watched.close();
  await until(() => api.watches.count(path) === 0);
  collection.put(thing('late'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told).toEqual(['first all: t-0=0 t-1=0']);
  expect(api.requests.length).toBe(2);
});
