import { afterEach, describe, expect, test, vi } from 'vitest';
import { type RecommendFlags, runRecommend } from '../../src/cli/run-recommend.ts';
import type { FakeAnswer } from '../cluster/support/fake-api.ts';
import { statusOf } from '../cluster/support/fake-list.ts';
import { startShop } from '../prometheus/support/shop-cluster.ts';

const path = '/apis/metrics.k8s.io/v1beta1/pods';

afterEach(() => vi.unstubAllEnvs());

/** What `recommend` prints by metrics.k8s.io, if that answers this. */
async function recommended(answer: FakeAnswer | undefined, flags: Partial<RecommendFlags> = {}) {
  const api = await startShop((request) => (request.path === path ? answer : undefined));
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const usual = { minimumTime: 86_400, percentile: 95, memoryPercentile: 100, headroom: 20, output: 'text' as const };
  const silent = { show: () => undefined, clear: () => undefined };
  const result = await runRecommend({ ...usual, ...flags }, silent);
  return { ...result, asked: api.requests.filter((request) => request.path === path).length };
}

const metrics = (name: string, containers: readonly object[]) => ({
  metadata: { namespace: 'shop', name },
  timestamp: '2026-03-01T12:00:00Z',
  window: '1m15.5s',
  containers,
});
const items = [
  metrics('web-7d4b9c-x2x4z', [
    { name: 'app', usage: { cpu: '208123456n', memory: '268435456' } },
    { name: 'proxy', usage: { memory: '5Mi' } },
  ]),
  metrics('db-0', [{ name: 'db', usage: { cpu: '0', memory: '2000Mi' } }]),
];
const answer = { status: 200, body: { items } };

describe('by metrics.k8s.io', () => {
  test('one reading shows the present usage', async () => {
    expect(await recommended(answer)).toMatchInlineSnapshot(`
      {
        "asked": 1,
        "exitCode": 0,
        "messages": [],
        "output": "WORKLOAD              CONTAINER  CPU   MEMORY  MEMORY LIMIT  BASIS
      CronJob shop/report   job        none  none    none          nothing proposed: no usage was seen
      Deployment shop/web   app        100m  128Mi   none          1m 15s, 1 Pod: 208m cpu, 256Mi memory; throttling unknown; nothing proposed: watched for less than 1d
                            proxy      none  none    none          1m 15s, 1 Pod: unknown cpu, 5Mi memory; nothing proposed: watched for less than 1d
      StatefulSet shop/db   db         500m  2Gi     2Gi           1m 15s, 1 Pod: 0m cpu, 2000Mi memory; throttling unknown; OOM-killed in 1 Pod; nothing proposed: watched for less than 1d
      StatefulSet shop/new  app        none  none    none          nothing proposed: no usage was seen

      0 of 5 containers in 4 workloads have a proposal; 3 watched for too short a time (--minimum-time)
      cpu: percentile 95, memory: maximum, memory limit: maximum; each of the Pod that uses most, plus 20%
      source: metrics.k8s.io, one reading",
      }
    `);
  });

  test('a shorter minimum time allows proposals', async () => {
    const { output } = await recommended(answer, { minimumTime: 60 });
    expect(output).toMatchInlineSnapshot(`
      "WORKLOAD              CONTAINER  CPU          MEMORY         MEMORY LIMIT  BASIS
      CronJob shop/report   job        none         none           none          nothing proposed: no usage was seen
      Deployment shop/web   app        100m → 250m  128Mi → 312Mi  none → 312Mi  1m 15s, 1 Pod: 208m cpu, 256Mi memory; throttling unknown
                            proxy      none         none           none          1m 15s, 1 Pod: unknown cpu, 5Mi memory; nothing proposed: a metric is missing
      StatefulSet shop/db   db         500m → 10m   2Gi → 2496Mi   2Gi → 2496Mi  1m 15s, 1 Pod: 0m cpu, 2000Mi memory; throttling unknown; OOM-killed in 1 Pod
      StatefulSet shop/new  app        none         none           none          nothing proposed: no usage was seen

      2 of 5 containers in 4 workloads have a proposal
      cpu: percentile 95, memory: maximum, memory limit: maximum; each of the Pod that uses most, plus 20%
      source: metrics.k8s.io, one reading"
    `);
  });

  test('there is nothing to patch without a proposal', async () => {
    expect(await recommended(answer, { output: 'patch' })).toMatchObject({ output: '# nothing is proposed' });
  });

  test('YAML has what JSON has', async () => {
    const { output } = await recommended(answer, { output: 'yaml' });
    expect(output.split('\n').slice(0, 12)).toMatchInlineSnapshot(`
      [
        "version: 1",
        "source: metrics.k8s.io, one reading",
        "cpuPercentile: 95",
        "memoryPercentile: 100",
        "headroomPercent: 20",
        "minimumSeconds: 86400",
        "workloads:",
        "- apiVersion: batch/v1",
        "  kind: CronJob",
        "  namespace: shop",
        "  name: report",
        "  pods: 0",
      ]
    `);
  });
});

describe('what makes it fail', () => {
  test.each<[string, FakeAnswer | undefined, string]>([
    [
      'no metrics API',
      undefined,
      `the cluster has no usage in metrics.k8s.io (${path} not found); is metrics-server installed? Or specify --prometheus`,
    ],
    [
      'a metrics API that is down',
      { status: 503, body: statusOf(503, 'it is unavailable') },
      'the cluster has no usage in metrics.k8s.io (it is unavailable); is metrics-server running? Or specify --prometheus',
    ],
    [
      'no permission',
      { status: 403, body: statusOf(403, 'pods.metrics.k8s.io is forbidden: User "u" cannot list') },
      'pods.metrics.k8s.io is forbidden: User "u" cannot list',
    ],
    [
      'a metrics API without Pods',
      { status: 200, body: { items: [] } },
      'metrics.k8s.io, one reading: no usage of any container; metrics-server needs a minute after a Pod has started',
    ],
  ])('%s', async (_, given, message) => {
    expect(await recommended(given)).toMatchObject({ output: '', messages: [message], exitCode: 2, asked: 1 });
  });

  test.each<[Partial<RecommendFlags>, string]>([
    [{ window: 60, minimumTime: 0 }, '--window needs --prometheus; for metrics.k8s.io specify --watch-for'],
    [{ watchFor: 3600 }, '--watch-for 1h is shorter than --minimum-time 1d, so nothing could be proposed'],
    [{ prometheusTokenFile: 'token' }, '--prometheus-token-file and --prometheus-matchers need --prometheus'],
  ])('%o', async (flags, message) => {
    expect(await recommended(answer, flags)).toMatchObject({ output: '', messages: [message], exitCode: 2, asked: 0 });
  });
});
