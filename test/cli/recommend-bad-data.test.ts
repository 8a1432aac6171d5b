import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RecommendFlags, runRecommend } from '../../src/cli/run-recommend.ts';
import { answerOf, now, serve, type Values, vector } from '../prometheus/support/fake-prometheus.ts';
import { startShop } from '../prometheus/support/shop-cluster.ts';

afterEach(() => vi.unstubAllEnvs());

const usual = { minimumTime: 60, percentile: 95, memoryPercentile: 100, headroom: 20, output: 'text' as const };
const silent = { show: () => undefined, clear: () => undefined };

/** What `recommend` prints about the shop: the lines of these containers, and the messages. */
async function recommended(flags: Partial<RecommendFlags>, metrics?: unknown) {
  const path = '/apis/metrics.k8s.io/v1beta1/pods';
  const api = await startShop((request) => (request.path === path ? { status: 200, body: metrics } : undefined));
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const { output, messages, exitCode } = await runRecommend({ ...usual, ...flags }, silent);
  const lines = output.split('\n').filter((line) => /shop\/(web|db) |^ +proxy/.test(line));
  return { lines: lines.map((line) => line.replaceAll(/ {2,}/g, '  ').trim()), messages, exitCode };
}

describe('values from Prometheus that no container can have', () => {
  test.each(['-0.5', 'NaN', '+Inf', '-Inf', '1e308', 'text'])('%s cores are ignored and counted', async (cpu) => {
    expect(await recommended({ prometheus: await serve(answerOf({ cpu })) })).toEqual({
      lines: [
        'Deployment shop/web  app  100m  128Mi  none  1d, 1 Pod: unknown cpu, 95Mi memory; throttling unknown; nothing proposed: a metric is missing',
        'proxy  none  none  none  nothing proposed: no usage was seen',
        'StatefulSet shop/db  db  500m  2Gi  2Gi  OOM-killed in 1 Pod; nothing proposed: no usage was seen',
      ],
      messages: [
        `ignored: 1 sample that no container can have, such as ${Number(cpu.replace('Inf', 'Infinity'))} as the cores of container "app" of Pod shop/web-7d4b9c-x2x4z`,
      ],
      exitCode: 0,
    });
  });

  test.each<[keyof Values, string, string]>([
    ['memory', '1e308', 'ignored: 2 samples that no container can have, such as 1e+308 as the bytes'],
    ['memory', '-1', 'ignored: 2 samples that no container can have, such as -1 as the bytes'],
    ['seconds', '-1', 'ignored: 1 sample that no container can have, such as -1 as the seconds watched'],
    ['since', '1e308', 'ignored: 1 sample that no container can have, such as 1e+308 as the first second'],
    ['throttled', '1e308', 'ignored: 1 sample that no container can have, such as 1e+308 as the throttled share'],
  ])('%s: %s', async (figure, value, message) => {
    const { messages } = await recommended({ prometheus: await serve(answerOf({ [figure]: value })) });
    expect(messages).toEqual([`${message} of container "app" of Pod shop/web-7d4b9c-x2x4z`]);
  });

  test('a container without periods was not throttled in a share of them', async () => {
    const { lines, messages } = await recommended({ prometheus: await serve(answerOf({ throttled: 'NaN' })) });
    expect({ line: lines[0], messages }).toEqual({
      line: 'Deployment shop/web  app  100m → 240m  128Mi → 115Mi  none → 115Mi  1d, 1 Pod: 200m cpu, 95Mi memory; throttling unknown',
      messages: [],
    });
  });
});

test.each<[string, unknown]>([
  ['no list', {}],
  ['a null in the list', [null]],
  ['a label that is no text', [{ metric: { pod: 5 }, value: [now, '1'] }]],
])('an answer with %s is none of Prometheus', async (_, result) => {
  const prometheus = await serve((__, response) => response.end(vector(result)));
  expect(await recommended({ prometheus })).toEqual({
    lines: [],
    messages: [`${prometheus} answered, but not as Prometheus does; is the address the one in front of /api/v1/query?`],
    exitCode: 2,
  });
});

test('series without labels or a value are ignored', async () => {
  const prometheus = await serve((_, response) => response.end(vector([{ metric: null, value: null }, {}])));
  const { messages } = await recommended({ prometheus });
  expect(messages).toEqual([
    `Prometheus at ${prometheus}, the last 7d: no usage of any container; does it collect /metrics/cadvisor of the kubelets, with the labels namespace, pod and container?`,
  ]);
});

test('an answer that does not end is read up to a limit', async () => {
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  let queries = 0;
  const prometheus = await serve((_, response) => {
    if (queries++ > 0) return void response.end(vector([]));
    const mebibyte = Buffer.alloc(1024 * 1024, ' ');
    response.once('close', closed.resolve);
    const more = (): void => {
      while (!response.destroyed) {
        sent++;
        if (!response.write(mebibyte)) return void response.once('drain', more);
      }
    };
    more();
  });
  expect(await recommended({ prometheus })).toEqual({
    lines: [],
    messages: [
      `Prometheus at ${prometheus} answered with more than 64 MiB about namespace shop; try a shorter --window or narrower --prometheus-matchers, or read other namespaces by --namespace`,
    ],
    exitCode: 2,
  });
  await closed.promise;
  // the limit, and what was under way
  expect(sent).toBeLessThan(80);
});

const metrics = (fields: object): object => ({
  metadata: { namespace: 'shop', name: 'web-7d4b9c-x2x4z' },
  timestamp: '2026-03-01T12:00:00Z',
  window: '75s',
  ...fields,
});
const app = (usage: unknown): object => metrics({ containers: [{ name: 'app', usage }] });
const good = app({ cpu: '200m', memory: '100Mi' });
const goodLine =
  'Deployment shop/web  app  100m → 240m  128Mi → 120Mi  none → 120Mi  1m 15s, 1 Pod: 200m cpu, 100Mi memory; throttling unknown';
const incomplete = (known: string): string =>
  `Deployment shop/web  app  100m  128Mi  none  1m 15s, 1 Pod: ${known}; throttling unknown; nothing proposed: a metric is missing`;
const ofApp = 'of container "app" of Pod shop/web-7d4b9c-x2x4z';

describe('what metrics.k8s.io should not answer', () => {
  test.each<[string, readonly unknown[]]>([
    ['null', [null]],
    ['no object', ['text', 5, [[]]]],
    ['without metadata', [metrics({ metadata: null }), metrics({ metadata: { name: 5 } })]],
    ['without a time', [metrics({ timestamp: null }), metrics({ timestamp: { a: 1 } })]],
    ['without containers', [metrics({ containers: null }), metrics({ containers: {} }), metrics({})]],
    ['with containers that are none', [metrics({ containers: [null, 'app', {}, { name: 5, usage: {} }] })]],
  ])('an item that is %s is skipped', async (_, items) => {
    expect(await recommended({}, { items: [...items, good] })).toMatchObject({
      lines: [goodLine, expect.any(String), expect.any(String)],
      messages: [],
      exitCode: 0,
    });
  });

  test.each<[string, unknown, string, string[]]>([
    ['null', null, incomplete('unknown cpu, unknown memory'), []],
    ['a text', 'much', incomplete('unknown cpu, unknown memory'), []],
    ['an amount that is null', { cpu: null, memory: '100Mi' }, incomplete('unknown cpu, 100Mi memory'), []],
    ['no quantity', { cpu: 'NaN', memory: '100Mi' }, incomplete('unknown cpu, 100Mi memory'), []],
    [
      'negative',
      { cpu: '-5m', memory: '100Mi' },
      incomplete('unknown cpu, 100Mi memory'),
      [`ignored: 1 sample that no container can have, such as -0.005 as the cores ${ofApp}`],
    ],
    [
      'absurd',
      { cpu: '200m', memory: '1e290' },
      incomplete('200m cpu, unknown memory'),
      [`ignored: 1 sample that no container can have, such as 1e+290 as the bytes ${ofApp}`],
    ],
  ])('usage that is %s is unknown', async (_, usage, line, messages) => {
    const found = await recommended({}, { items: [app(usage)] });
    expect({ line: found.lines[0], messages: found.messages }).toEqual({ line, messages });
  });

  test('a list that is cut off is an error', async () => {
    expect(await recommended({}, `{"items":[${JSON.stringify(good)}`)).toMatchObject({
      messages: ['the response of the API server was cut off: it is no complete list'],
      exitCode: 2,
    });
  });
});
