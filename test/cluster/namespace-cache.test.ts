import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../src/cluster/api/api-client.ts';
import { openNamespaceCache } from '../../src/cluster/namespaces/index.ts';
import { keptLog, until } from '../server/support.ts';
import { type FakeAnswer, startFakeApi } from './support/fake-api.ts';
import { storedObjects } from './support/fake-collection.ts';

const namespacesPath = '/api/v1/namespaces';
const limitsPath = '/api/v1/limitranges';
const quick = { firstMs: 20, longestMs: 80 };

const namespace = (name: string, labels?: Readonly<Record<string, string>>) => ({
  metadata: { name, ...(labels === undefined ? {} : { labels }) },
  spec: { finalizers: ['kubernetes'] },
});
/** One that limits the memory of containers. */
const limitRange = (inNamespace: string, name: string, memory: string) => ({
  metadata: { namespace: inNamespace, name },
  spec: { limits: [{ type: 'Container', default: { memory } }] },
});
const memory = (amount: string) => ({ limits: { memory: amount }, requests: { memory: amount } });

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

type Fault = (path: string) => FakeAnswer | undefined;

async function start({ fault }: { fault?: Fault } = {}) {
  const namespaces = storedObjects('Namespace', [namespace('a', { team: 'one' }), namespace('b')]);
  const limits = storedObjects('LimitRange', [limitRange('a', 'z', '1Gi'), limitRange('a', 'm', '2Gi')]);
  const api = await startFakeApi({ [namespacesPath]: namespaces, [limitsPath]: limits });
  if (fault !== undefined) api.interfere(({ path }) => fault(path));
  const { log, lines } = keptLog('warn');
  const cache = openNamespaceCache({
    client: openApiClient({ kubeconfig: api.kubeconfig }),
    metrics: { restarted: () => undefined, heard: () => undefined },
    log,
    backoff: quick,
  });
  onTestFinished(() => cache.close());
  return { api, namespaces, limits, cache, lines };
}

async function startReady() {
  const all = await start();
  const { api, cache } = all;
  await until(() => cache.isReady && api.watches.count(namespacesPath) + api.watches.count(limitsPath) === 2);
  return all;
}

/** How long it took in milliseconds; 0 when there was nothing to wait for. */
async function timeOf(settled: Promise<void> | undefined): Promise<number> {
  if (settled === undefined) return 0;
  const begin = performance.now();
  await settled;
  return performance.now() - begin;
}

test('it is ready when both have been read, and follows labels and LimitRanges', async () => {
  const { namespaces, limits, cache } = await start({});
  expect(cache.isReady).toBe(false);
  expect(cache.problems()).toEqual(['the namespaces have not been read yet', 'the LimitRanges have not been read yet']);
  await until(() => cache.isReady);
  expect(cache.problems()).toEqual([]);
  expect([...cache.names()]).toEqual(['a', 'b']);
  expect([cache.labelsOf('a'), cache.labelsOf('b'), cache.labelsOf('c')]).toEqual([{ team: 'one' }, {}, undefined]);
  expect(cache.limitDefaultsOf('a')).toEqual([memory('2Gi'), memory('1Gi')]);
  expect(cache.limitDefaultsOf('b')).toEqual([]);

  namespaces.put(namespace('a', { team: 'two' }));
  namespaces.remove(namespace('b'));
  limits.put(limitRange('a', 'z', '3Gi'));
  limits.put(limitRange('a', 'c', '4Gi'));
  limits.remove(limitRange('a', 'm', '2Gi'));
  await until(() => cache.limitDefaultsOf('a').length === 2 && cache.labelsOf('b') === undefined);
  expect(cache.labelsOf('a')).toEqual({ team: 'two' });
  expect(cache.limitDefaultsOf('a')).toEqual([memory('4Gi'), memory('3Gi')]);
  limits.remove(limitRange('a', 'z', '3Gi'));
  limits.remove(limitRange('a', 'c', '4Gi'));
  await until(() => cache.limitDefaultsOf('a').length === 0);
});

test('only metadata of namespaces is requested, and never because of an admission request', async () => {
  const { api, cache } = await startReady();
  await timeOf(cache.settled('unknown', { waitMs: 50, wantsLimits: true }));
  const asked = api.requests.map(({ path, isWatch, headers }) =>
    [isWatch ? 'watch' : 'list', path, ...(headers.accept?.includes('as=') ? ['as metadata'] : [])].join(' '),
  );
  expect(asked.toSorted(byText)).toEqual([
    'list /api/v1/limitranges',
    'list /api/v1/namespaces as metadata',
    'watch /api/v1/limitranges',
    'watch /api/v1/namespaces as metadata',
  ]);
});

test('what is known is not waited for', async () => {
  const { cache } = await startReady();
  expect(cache.settled('a', { waitMs: 250, wantsLimits: true })).toBeUndefined();
  expect(cache.settled('b', { waitMs: 250, wantsLimits: true })).toBeUndefined();
  expect(cache.settled('unknown', { waitMs: 0, wantsLimits: true })).toBeUndefined();
});

test('a namespace that is not known is waited for until it is, or for as long as there is time', async () => {
  const { namespaces, cache } = await startReady();
  const times = Promise.all(
    Array.from({ length: 100 }, () => timeOf(cache.settled('new', { waitMs: 15_000, wantsLimits: false }))),
  );
  const inVain = timeOf(cache.settled('other', { waitMs: 200, wantsLimits: false }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  namespaces.put(namespace('new', { team: 'three' }));
  expect(Math.max(...(await times))).toBeLessThan(10_000);
  expect(cache.labelsOf('new')).toEqual({ team: 'three' });
  expect(cache.settled('new', { waitMs: 250, wantsLimits: false })).toBeUndefined();
  expect(await inVain).toBeGreaterThanOrEqual(195);
});

test('a new namespace is given time for a LimitRange', async () => {
  const { namespaces, limits, cache } = await startReady();
  namespaces.put(namespace('new'));
  await until(() => cache.labelsOf('new') !== undefined);
  const wanted = { waitMs: 15_000, wantsLimits: true };
  const withLimit = timeOf(cache.settled('new', wanted));
  limits.put(limitRange('new', 'x', '1Gi'));
  expect(await withLimit).toBeLessThan(1_000);
  expect(cache.limitDefaultsOf('new')).toEqual([memory('1Gi')]);
  expect(cache.settled('new', wanted)).toBeUndefined();

  namespaces.put(namespace('bare'));
  await until(() => cache.labelsOf('bare') !== undefined);
  const withoutLimit = timeOf(cache.settled('bare', wanted));
  await new Promise((resolve) => setTimeout(resolve, 500));
  // Does not make it new again.
  namespaces.put(namespace('bare', { team: 'four' }));
  await until(() => cache.labelsOf('bare')?.['team'] === 'four');
  expect(await withoutLimit).toBeGreaterThan(500);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(cache.settled('bare', wanted)).toBeUndefined();
});

test('a relist keeps existing namespaces, drops deleted ones, and treats none as new', async () => {
  const { api, namespaces, cache } = await startReady();
  api.interfere(() => 'cut');
  api.watches.cut();
  namespaces.remove(namespace('b'));
  namespaces.put(namespace('c'));
  namespaces.forget();
  expect(cache.labelsOf('b')).toEqual({});
  api.interfere(undefined);
  await until(() => cache.labelsOf('c') !== undefined);
  expect([...cache.names()]).toEqual(['a', 'c']);
  expect(cache.settled('a', { waitMs: 250, wantsLimits: true })).toBeUndefined();
  expect(cache.settled('c', { waitMs: 250, wantsLimits: true })).toBeInstanceOf(Promise);
});

test('forbidden resources are not waited for until they become readable', async () => {
  let forbidden: readonly string[] = [namespacesPath, limitsPath];
  const { cache, lines, namespaces } = await start({
    fault: (path) =>
      forbidden.includes(path) ? { status: 403, body: { message: `${path} is forbidden` } } : undefined,
  });
  const waiting = cache.settled('a', { waitMs: 9_000, wantsLimits: true });
  expect(await timeOf(waiting)).toBeLessThan(4_000);
  expect(cache.isReady).toBe(true);
  expect([cache.labelsOf('a'), cache.limitDefaultsOf('a')]).toEqual([undefined, []]);
  expect(cache.settled('a', { waitMs: 250, wantsLimits: true })).toBeUndefined();
  expect(lines.map(({ msg }) => String(msg)).toSorted(byText)).toEqual([
    'limitranges may not be read, so templates are evaluated without LimitRange defaults; retrying',
    'namespaces may not be read, so labels of namespaces are unknown, and the strictest interpretation of the policy applies; retrying',
  ]);
  forbidden = [limitsPath];
  await until(() => cache.labelsOf('a') !== undefined);
  namespaces.put(namespace('new'));
  await timeOf(cache.settled('new', { waitMs: 9_000, wantsLimits: true }));
  expect(cache.labelsOf('new')).toEqual({});
  forbidden = [];
  await until(() => cache.limitDefaultsOf('a').length === 2);
  expect(lines.length).toBe(2);
});

test('closing releases all waiting callers', async () => {
  const { cache } = await startReady();
  const waiting = cache.settled('unknown', { waitMs: 60_000, wantsLimits: true });
  cache.close();
  expect(await timeOf(waiting)).toBeLessThan(1_000);
});
