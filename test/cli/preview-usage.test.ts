import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { type PreviewOptions, runPreview } from '../../src/cli/run-preview.ts';
import { answerOf, serve, vector } from '../prometheus/support/fake-prometheus.ts';
import { startShop } from '../prometheus/support/shop-cluster.ts';
import { testFolder } from '../server/support.ts';

afterEach(() => vi.unstubAllEnvs());

const silent = { show: () => undefined, clear: () => undefined };

/** What `preview` prints about the shop. */
async function previewed(options: Partial<PreviewOptions> = {}) {
  vi.stubEnv('KUBECONFIG', (await startShop()).kubeconfig);
  return runPreview({ output: 'text', ...options }, plain, silent);
}

const container = (name: string, more: object) => ({
  name,
  current: { requests: {}, limits: {} },
  watchedSeconds: 345_600,
  watchedPods: 2,
  throttled: null,
  oomKilledPods: 0,
  proposed: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } },
  unproposed: null,
  ...more,
});
const entry = (kind: string, name: string, ...containers: readonly object[]) => ({
  apiVersion: 'apps/v1',
  kind,
  namespace: 'shop',
  name,
  containers,
});
const workloads = [
  entry('Deployment', 'web', container('proxy', { throttled: 0.12, current: { limits: { cpu: '1' } } })),
  entry('StatefulSet', 'db', container('db', { watchedSeconds: 108_000, watchedPods: 1, oomKilledPods: 1 })),
  entry('StatefulSet', 'new', container('app', { watchedSeconds: 11_000, proposed: null, unproposed: 'too-short' })),
];

/** A file as `recommend` writes it. */
function usageFile(content: object = {}): string {
  const file = join(testFolder(), 'usage.json');
  const head = { version: 1, source: 'Prometheus at http://localhost:9090, the last 7d', minimumSeconds: 86_400 };
  writeFileSync(file, JSON.stringify({ ...head, workloads, ...content }));
  return file;
}

const paragraph = (text: string, start: string): string =>
  text.split('\n\n').find((each) => each.startsWith(start)) ?? '';

describe('by a file', () => {
  test('text lists the requests that are missing', async () => {
    const { output, exitCode } = await previewed({ usage: usageFile() });
    expect(exitCode).toBe(0);
    const section = paragraph(output, 'Missing requests');
    expect(section.slice(section.indexOf('\n') + 1)).toMatchInlineSnapshot(`
      "  WORKLOAD              CONTAINER  CPU   MEMORY  BASIS
        CronJob shop/report   job        none  none    nothing proposed: no usage was seen
        Deployment shop/web   proxy      10m   16Mi    4d, 2 Pods; throttled in 12% of periods
        StatefulSet shop/db   db         10m   16Mi    1d 6h, 1 Pod; OOM-killed in 1 Pod
        StatefulSet shop/new  app        none  none    3h 3m, 2 Pods; nothing proposed: watched for less than 1d"
    `);
    expect(section.split('\n')[0]).toMatch(
      /^Missing requests, and the proposals from usage \(.*usage\.json \(Prometheus at http:\/\/localhost:9090, the last 7d\)\):$/,
    );
  });

  test('a longer minimum time takes proposals away, and says so', async () => {
    const { output } = await previewed({ usage: usageFile(), minimumTime: 172_800 });
    const lines = paragraph(output, 'Missing requests').split('\n');
    expect(lines.find((line) => line.includes('shop/db'))).toMatchInlineSnapshot(
      `"  StatefulSet shop/db   db         none  none    1d 6h, 1 Pod; OOM-killed in 1 Pod; nothing proposed: watched for less than 2d"`,
    );
  });

  test('without the option there is no such list', async () => {
    expect((await previewed()).output).not.toContain('usage');
  });

  test('JSON has it with each finding about a request, and with no other', async () => {
    const { output } = await previewed({ usage: usageFile(), output: 'json' });
    const preview = JSON.parse(output) as {
      usage: { source: string; minimumSeconds: number };
      workloads: { name: string; findings: { rule: string; container: string; usage?: object }[] }[];
    };
    expect({ ...preview.usage, source: preview.usage.source.replace(/^\S+/, 'FILE') }).toEqual({
      source: 'FILE (Prometheus at http://localhost:9090, the last 7d)',
      minimumSeconds: 86_400,
    });
    const found = preview.workloads.flatMap(({ name, findings }) =>
      findings.filter((finding) => finding.usage).map(({ rule, usage, ...of }) => [name, of.container, rule, usage]),
    );
    expect(found.filter(([, , rule]) => rule === 'require-cpu-request')).toMatchInlineSnapshot(`
      [
        [
          "report",
          "job",
          "require-cpu-request",
          {
            "oomKilledPods": 0,
            "proposed": null,
            "throttled": null,
            "unproposed": "unseen",
            "watchedPods": null,
            "watchedSeconds": null,
          },
        ],
        [
          "web",
          "proxy",
          "require-cpu-request",
          {
            "oomKilledPods": 0,
            "proposed": "10m",
            "throttled": 0.12,
            "unproposed": null,
            "watchedPods": 2,
            "watchedSeconds": 345600,
          },
        ],
        [
          "db",
          "db",
          "require-cpu-request",
          {
            "oomKilledPods": 1,
            "proposed": "10m",
            "throttled": null,
            "unproposed": null,
            "watchedPods": 1,
            "watchedSeconds": 108000,
          },
        ],
        [
          "new",
          "app",
          "require-cpu-request",
          {
            "oomKilledPods": 0,
            "proposed": null,
            "throttled": null,
            "unproposed": "too-short",
            "watchedPods": 2,
            "watchedSeconds": 11000,
          },
        ],
      ]
    `);
    expect(new Set(found.map(([, , rule]) => rule))).toEqual(
      new Set(['require-cpu-request', 'require-memory-request']),
    );
  });

  test.each(['html', 'markdown'] as const)('%s has it in the message of the finding', async (output) => {
    const page = (await previewed({ usage: usageFile(), output })).output;
    const [mebibytes, cpu] = ['usage proposes 16Mi: 4d, 2 Pods; throttled in 12% of periods', 'usage proposes 10m'];
    expect(page).toContain(`requests no memory; set resources.requests.memory (${mebibytes})`);
    expect(page).toContain(cpu);
    expect(page).toContain('(usage: 3h 3m, 2 Pods; nothing proposed: watched for less than 1d)');
    expect(page).toContain('(usage: nothing proposed: no usage was seen)');
  });

  test('what no container can have is ignored and counted', async () => {
    const own = container('proxy', { proposed: { requests: { cpu: 'Infinitym', memory: '16Mi' } } });
    const usage = usageFile({ workloads: [entry('Deployment', 'web', own)] });
    const { output, messages } = await previewed({ usage });
    expect(messages).toContain(
      `${usage}: ignored 1 proposal that no container can have, such as "Infinitym" as the cpu of container "proxy" of Deployment shop/web`,
    );
    const lines = paragraph(output, 'Missing requests').split('\n');
    expect(lines.find((line) => line.includes('proxy'))).toMatch(
      / proxy {6}none {2}16Mi {4}4d, 2 Pods; nothing proposed: the value was ignored$/,
    );
  });

  test('names reach no terminal with control characters', async () => {
    const { output } = await previewed({ usage: usageFile({ source: 'a\u001B[31m' }) });
    expect(output).not.toContain('\u001B');
  });
});

test('by Prometheus, reads the cluster once and asks two things at a time', async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const answer = answerOf({}, { pod: 'web-7d4b9c-x2x4z', container: 'proxy' });
  const prometheus = await serve((request, response) => {
    most = Math.max(
      most,
      waiting.push(() => answer(request, response)),
    );
    if (waiting.length === 2) setTimeout(() => waiting.splice(0).forEach((reply) => reply()), 50);
  });
  const paths: string[] = [];
  const shop = await startShop(({ path }) => void paths.push(path));
  vi.stubEnv('KUBECONFIG', shop.kubeconfig);
  const { exitCode } = await runPreview({ output: 'text', prometheus }, plain, silent);
  expect([exitCode, most]).toEqual([0, 2]);
  expect(paths.filter((path) => path === '/api/v1/pods')).toHaveLength(1);
});

test('by Prometheus, which has no usage', async () => {
  const prometheus = await serve((_request, response) => void response.end(vector([])));
  const { messages, exitCode } = await previewed({ prometheus });
  const advice = 'does it collect /metrics/cadvisor of the kubelets, with the labels namespace, pod and container?';
  expect(messages).toEqual([`Prometheus at ${prometheus}, the last 7d: no usage of any container; ${advice}`]);
  expect(exitCode).toBe(2);
});

test('by Prometheus, which cannot be reached', async () => {
  const { messages, exitCode } = await previewed({ prometheus: 'http://127.0.0.1:1' });
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^Prometheus at http:\/\/127\.0\.0\.1:1 cannot be reached: /);
  expect(exitCode).toBe(2);
});

test('by Prometheus', async () => {
  const prometheus = await serve(answerOf({}, { pod: 'web-7d4b9c-x2x4z', container: 'proxy' }));
  const { output, messages } = await previewed({ prometheus });
  expect(messages.filter((line) => !line.startsWith('policy:'))).toEqual([]);
  const section = paragraph(output, 'Missing requests').replace(prometheus, 'URL');
  expect(section).toMatchInlineSnapshot(`
    "Missing requests, and the proposals from usage (Prometheus at URL, the last 7d):
      WORKLOAD              CONTAINER  CPU   MEMORY  BASIS
      CronJob shop/report   job        none  none    nothing proposed: no usage was seen
      Deployment shop/web   proxy      240m  115Mi   1d, 1 Pod
      StatefulSet shop/db   db         none  none    OOM-killed in 1 Pod; nothing proposed: no usage was seen
      StatefulSet shop/new  app        none  none    nothing proposed: no usage was seen"
  `);
});

test.each<[Partial<PreviewOptions>, string]>([
  [{ usage: 'a', prometheus: 'http://b' }, '--usage and --prometheus exclude each other'],
  [{ window: 60 }, '--window needs --prometheus'],
  [{ usage: 'a', headroom: 5 }, '--headroom needs --prometheus'],
  [{ minimumTime: 60 }, '--minimum-time needs --prometheus or --usage'],
  [{ prometheus: 'ftp://a' }, '--prometheus must be an address such as http://localhost:9090'],
  [
    { prometheus: 'http://a', window: 60 },
    '--window 1m is shorter than --minimum-time 1d, so nothing could be proposed',
  ],
  [{ usage: '/does/not/exist' }, 'no such file: /does/not/exist'],
])('%o is rejected', async (options, message) => {
  expect(await previewed(options)).toMatchObject({ output: '', messages: [message], exitCode: 2 });
});
