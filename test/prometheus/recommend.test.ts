import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type RecommendFlags, runRecommend } from '../../src/cli/run-recommend.ts';
import { testCertificate, testFolder } from '../server/support.ts';
import { openMetrics } from './support/cadvisor-series.ts';
import { startShop } from './support/shop-cluster.ts';
import { freePort, type StartedPrometheus, startPrometheus } from './support/start-prometheus.ts';

const steady = (value: number) => () => value;
const web = { pod: 'web-7d4b9c-x2x4z', from: 48.1 };
const stored = openMetrics([
  // busy for 2 of 48 hours, which the 95th percentile does not see; most memory at one moment, between two steps
  {
    ...web,
    container: 'app',
    cores: (ago) => (ago < 2 ? 1 : 0.2),
    mebibytes: (ago) => (Math.round(ago * 60) === 604 ? 300 : 100),
    throttled: 0.12,
    labels: { id: '/a' },
  },
  // the same one again, from a second job
  { ...web, container: 'app', cores: steady(0.1), mebibytes: steady(90), labels: { id: '/a', job: 'again' } },
  // the Pod as a whole, and its sandbox
  { ...web, container: '', cores: steady(8), mebibytes: steady(9000) },
  { ...web, container: 'POD', cores: steady(8), mebibytes: steady(9000) },
  { ...web, container: 'proxy', cores: steady(0.001), mebibytes: steady(5) },
  // a Pod of an earlier revision that no longer exists
  { pod: 'web-5f6b8d-b2b4b', container: 'app', from: 96.1, to: 47, cores: steady(0.3), mebibytes: steady(150) },
  { pod: 'new-0', container: 'app', from: 3.1, cores: steady(0.05), mebibytes: steady(40) },
  { pod: 'db-0', container: 'db', from: 30.1, cores: steady(0.9), mebibytes: steady(2000) },
  // another cluster, and another namespace
  { pod: 'db-0', container: 'db', from: 30.1, cores: steady(3), mebibytes: steady(8000), labels: { cluster: 'b' } },
  { ...web, namespace: 'other', container: 'app', cores: steady(9), mebibytes: steady(9) },
]);

let prometheus: StartedPrometheus;
let url: string;

beforeAll(async () => {
  prometheus = await startPrometheus({ stored });
  url = `http://127.0.0.1:${prometheus.port}`;
});
afterAll(() => prometheus.stop());
afterEach(() => vi.unstubAllEnvs());

/** What `recommend` prints about the shop. */
async function recommended(flags: Partial<RecommendFlags> = {}) {
  vi.stubEnv('KUBECONFIG', (await startShop()).kubeconfig);
  const usual = {
    prometheus: url,
    minimumTime: 86_400,
    percentile: 95,
    memoryPercentile: 100,
    headroom: 20,
    output: 'text' as const,
  };
  const given = { ...usual, ...flags };
  const { output, messages, exitCode } = await runRecommend(given, { show: () => undefined, clear: () => undefined });
  const named = (line: string): string => line.replaceAll(given.prometheus, 'URL').replaceAll(/3h( \d+m)?/g, '3h');
  return { output: named(output), messages: messages.map(named), exitCode };
}
/** One container is enough where only the way matters. */
const little = openMetrics([{ ...web, container: 'proxy', cores: steady(0.1), mebibytes: steady(5) }]);
const ofOneCluster = { prometheusMatchers: 'cluster!="b"' };

test('a line per container has what is set, what is proposed, and why', async () => {
  const { output, messages, exitCode } = await recommended(ofOneCluster);
  expect({ messages, exitCode }).toEqual({ messages: [], exitCode: 0 });
  expect(output).toMatchInlineSnapshot(`
    "WORKLOAD              CONTAINER  CPU          MEMORY         MEMORY LIMIT  BASIS
    CronJob shop/report   job        none         none           none          nothing proposed: no usage was seen
    Deployment shop/web   app        100m → 360m  128Mi → 360Mi  none → 360Mi  4d, 2 Pods: 300m cpu, 300Mi memory; throttled in 12% of periods
                          proxy      none → 10m   none → 16Mi    none → 16Mi   2d, 1 Pod: 1m cpu, 5Mi memory
    StatefulSet shop/db   db         500m         2Gi → 2496Mi   2Gi → 2496Mi  1d 6h, 1 Pod: 900m cpu, 2000Mi memory; throttling unknown; OOM-killed in 1 Pod; cpu is held at its limit
    StatefulSet shop/new  app        none         none           none          3h, 1 Pod: 50m cpu, 40Mi memory; nothing proposed: watched for less than 1d

    3 of 5 containers in 4 workloads have a proposal; 1 watched for too short a time (--minimum-time)
    cpu: percentile 95, memory: maximum, memory limit: maximum; each of the Pod that uses most, plus 20%
    source: Prometheus at URL, the last 7d"
  `);
});

test('the documentation shows this', async () => {
  const { output } = await recommended(ofOneCluster);
  const docs = readFileSync(join(import.meta.dirname, '../../docs/recommend.md'), 'utf8');
  expect(docs).toContain(`\n${output.replace('URL', 'http://localhost:9090')}\n`);
});

test('percentiles, headroom, window and minimum time are options', async () => {
  const options = { percentile: 99, memoryPercentile: 50, headroom: 0, window: 86_400, minimumTime: 3600 };
  const { output } = await recommended({ ...ofOneCluster, ...options });
  expect(output).toMatchInlineSnapshot(`
    "WORKLOAD              CONTAINER  CPU         MEMORY         MEMORY LIMIT  BASIS
    CronJob shop/report   job        none        none           none          nothing proposed: no usage was seen
    Deployment shop/web   app        100m → 1    128Mi → 100Mi  none → 304Mi  1d, 1 Pod: 1000m cpu, 100Mi memory; throttled in 12% of periods
                          proxy      none → 10m  none → 16Mi    none → 16Mi   1d, 1 Pod: 1m cpu, 5Mi memory
    StatefulSet shop/db   db         500m        2Gi            2Gi           1d, 1 Pod: 900m cpu, 2000Mi memory; throttling unknown; OOM-killed in 1 Pod; cpu is held at its limit
    StatefulSet shop/new  app        none → 50m  none → 40Mi    none → 40Mi   3h, 1 Pod: 50m cpu, 40Mi memory

    4 of 5 containers in 4 workloads have a proposal
    cpu: percentile 99, memory: percentile 50, memory limit: maximum; each of the Pod that uses most, plus 0%
    source: Prometheus at URL, the last 1d"
  `);
});

interface Written {
  readonly name: string;
  readonly containers: { watchedSeconds: number; readonly unproposed: string | null }[];
}

test('JSON has everything; what is unknown is null', async () => {
  const { output } = await recommended({ ...ofOneCluster, output: 'json' });
  const { workloads, ...about } = JSON.parse(output) as { workloads: Written[] };
  // not to the second
  for (const { containers } of workloads)
    for (const each of containers) each.watchedSeconds = Math.floor(each.watchedSeconds / 3600) * 3600;
  expect(about).toMatchInlineSnapshot(`
    {
      "cpuPercentile": 95,
      "headroomPercent": 20,
      "memoryPercentile": 100,
      "minimumSeconds": 86400,
      "source": "Prometheus at URL, the last 7d",
      "version": 1,
    }
  `);
  expect(workloads.map(({ name, containers }) => [name, ...containers.map(({ unproposed }) => unproposed)])).toEqual([
    ['report', 'unseen'],
    ['web', null, null],
    ['db', null],
    ['new', 'too-short'],
  ]);
  expect(workloads.slice(1, 3)).toMatchInlineSnapshot(`
    [
      {
        "apiVersion": "apps/v1",
        "containers": [
          {
            "current": {
              "limits": {
                "cpu": "1",
                "memory": null,
              },
              "requests": {
                "cpu": "100m",
                "memory": "128Mi",
              },
            },
            "heldByCpuLimit": false,
            "name": "app",
            "oomKilledPods": 0,
            "proposed": {
              "limits": {
                "memory": "360Mi",
              },
              "requests": {
                "cpu": "360m",
                "memory": "360Mi",
              },
            },
            "throttled": 0.12,
            "unproposed": null,
            "used": {
              "cpu": "300m",
              "memory": "300Mi",
              "peakMemory": "300Mi",
            },
            "watchedPods": 2,
            "watchedSeconds": 345600,
          },
          {
            "current": {
              "limits": {
                "cpu": null,
                "memory": null,
              },
              "requests": {
                "cpu": null,
                "memory": null,
              },
            },
            "heldByCpuLimit": false,
            "name": "proxy",
            "oomKilledPods": 0,
            "proposed": {
              "limits": {
                "memory": "16Mi",
              },
              "requests": {
                "cpu": "10m",
                "memory": "16Mi",
              },
            },
            "throttled": null,
            "unproposed": null,
            "used": {
              "cpu": "1m",
              "memory": "5Mi",
              "peakMemory": "5Mi",
            },
            "watchedPods": 1,
            "watchedSeconds": 172800,
          },
        ],
        "kind": "Deployment",
        "name": "web",
        "namespace": "shop",
        "pods": 1,
      },
      {
        "apiVersion": "apps/v1",
        "containers": [
          {
            "current": {
              "limits": {
                "cpu": "500m",
                "memory": "2Gi",
              },
              "requests": {
                "cpu": "500m",
                "memory": "2Gi",
              },
            },
            "heldByCpuLimit": true,
            "name": "db",
            "oomKilledPods": 1,
            "proposed": {
              "limits": {
                "memory": "2496Mi",
              },
              "requests": {
                "cpu": "500m",
                "memory": "2496Mi",
              },
            },
            "throttled": null,
            "unproposed": null,
            "used": {
              "cpu": "900m",
              "memory": "2000Mi",
              "peakMemory": "2000Mi",
            },
            "watchedPods": 1,
            "watchedSeconds": 108000,
          },
        ],
        "kind": "StatefulSet",
        "name": "db",
        "namespace": "shop",
        "pods": 1,
      },
    ]
  `);
});

test('patches only have the containers of the template', async () => {
  expect((await recommended({ ...ofOneCluster, output: 'patch' })).output).toMatchInlineSnapshot(`
    "apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      namespace: shop
    spec:
      template:
        spec:
          containers:
          - name: app
            resources:
              requests:
                cpu: 360m
                memory: 360Mi
              limits:
                memory: 360Mi
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata:
      name: db
      namespace: shop
    spec:
      template:
        spec:
          containers:
          - name: db
            resources:
              requests:
                cpu: 500m
                memory: 2496Mi
              limits:
                memory: 2496Mi
    "
  `);
});

test('an instant query per figure and namespace is enough', async () => {
  const asked: string[] = [];
  const port = await proxy((incoming, response) => {
    asked.push(incoming.url ?? '');
    forward(incoming, response);
  });
  await recommended({ ...ofOneCluster, prometheus: `http://127.0.0.1:${port}` });
  expect(asked).toEqual(Array.from({ length: 6 }, () => '/api/v1/query'));
});

const forward: RequestListener = (incoming, response) => {
  const { method = '', url: path = '', headers } = incoming;
  const options = { port: prometheus.port, host: '127.0.0.1', method, path, headers };
  incoming.pipe(
    request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }),
  );
};

/** Serves for the running test. */
async function proxy(
  listener: RequestListener,
  tls?: { readonly cert: string; readonly key: string },
): Promise<number> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a Prometheus behind TLS and authentication', () => {
  async function behind(env: Record<string, string>, ...args: string[]) {
    const { cert, key, ca } = await testCertificate();
    const port = await proxy(
      (incoming, response) => {
        if (incoming.headers.authorization === 'Bearer s3cret') return forward(incoming, response);
        response.writeHead(401).end('Unauthorized');
      },
      { cert, key },
    );
    const folder = testFolder();
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const files: Record<string, string> = { CA: file('ca.crt', ca), TOKEN: file('token', 's3cret\n') };
    const named = (text: string): string => text.replaceAll(/\b(CA|TOKEN)\b/g, (name) => files[name] ?? name);
    const address = `https://127.0.0.1:${port}`;
    const given = ['recommend', '--prometheus', address, ...args.map(named)];
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), ...given], {
      env: {
        PATH: process.env['PATH'],
        KUBECONFIG: (await startShop()).kubeconfig,
        ...Object.fromEntries(Object.entries(env).map(([key, value]) => [key, named(value)])),
      },
    });
    const code = new Promise((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, stdout, stderr: stderr.replaceAll(address, 'URL') };
  }

  test('is read with a CA of one’s own and a token', async () => {
    const { code, stdout, stderr } = await behind({ NODE_EXTRA_CA_CERTS: 'CA' }, '--prometheus-token-file', 'TOKEN');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Deployment shop/web   app        100m → 360m');
  });

  test('takes no token that is none', async () => {
    const { code, stderr } = await behind({}, '--prometheus-token-file', 'CA');
    expect({ code, stderr: stderr.replace(/in \S+$/m, 'in FILE') }).toEqual({
      code: 2,
      stderr: 'there is no token for Prometheus in FILE\n',
    });
  });

  test('rejects those without a token', async () => {
    expect(await behind({ NODE_EXTRA_CA_CERTS: 'CA' })).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "Prometheus at URL answered 401 Unauthorized; pass a token with --prometheus-token-file, or USER:PASSWORD@ in the address
      ",
        "stdout": "",
      }
    `);
  });

  test('is not trusted without its CA', async () => {
    expect(await behind({}, '--prometheus-token-file', 'TOKEN')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "Prometheus at URL cannot be reached: unable to verify the first certificate; for a CA of your own, set NODE_EXTRA_CA_CERTS to its file
      ",
        "stdout": "",
      }
    `);
  });
});

describe('what makes it fail', () => {
  const failure = async (flags: Partial<RecommendFlags>) => {
    const { output, messages, exitCode } = await recommended(flags);
    expect({ output, exitCode }).toEqual({ output: '', exitCode: 2 });
    return messages;
  };

  test('another path', async () => {
    expect(await failure({ prometheus: `${url}/nope` })).toMatchInlineSnapshot(`
      [
        "Prometheus at URL answered 404 Not Found; is the address the one in front of /api/v1/query?",
      ]
    `);
  });

  test('nothing listens', async () => {
    const port = await freePort();
    const [message = ''] = await failure({ prometheus: `http://127.0.0.1:${port}` });
    expect(message.replace(`:${port}`, ':PORT')).toMatchInlineSnapshot(
      `"Prometheus at URL cannot be reached: connect ECONNREFUSED 127.0.0.1:PORT"`,
    );
  });

  test('an answer with series that are none', async () => {
    const port = await proxy(
      (_, response) => void response.end('{"status":"success","data":{"resultType":"vector","result":[null]}}'),
    );
    expect(await failure({ prometheus: `http://127.0.0.1:${port}` })).toEqual([
      'URL answered, but not as Prometheus does; is the address the one in front of /api/v1/query?',
    ]);
  });

  test('another server', async () => {
    const port = await proxy((_, response) => void response.end('<html>Welcome</html>'));
    expect(await failure({ prometheus: `http://127.0.0.1:${port}` })).toMatchInlineSnapshot(`
      [
        "URL answered, but not as Prometheus does; is the address the one in front of /api/v1/query?",
      ]
    `);
  });

  test('matchers that no series has', async () => {
    expect(await failure({ prometheusMatchers: 'cluster="nope"' })).toMatchInlineSnapshot(`
      [
        "Prometheus at URL, the last 7d: no usage of any container; does it collect /metrics/cadvisor of the kubelets, with the labels namespace, pod and container?",
      ]
    `);
  });

  test('matchers that are not PromQL', async () => {
    const [message = ''] = await failure({ prometheusMatchers: 'cluster=b' });
    expect([message.replace(/1:\d+/, '1:COLUMN')]).toMatchInlineSnapshot(`
      [
        "Prometheus at URL answered 400 Bad Request: invalid parameter "query": 1:COLUMN: parse error: unexpected identifier "b" in label matching, expected string; is --prometheus-matchers a list such as cluster="a",job="b"?",
      ]
    `);
  });

  test('more samples than Prometheus reads', async () => {
    const small = await startPrometheus({ stored: little, flags: ['--query.max-samples=1000'] });
    onTestFinished(small.stop);
    expect(await failure({ prometheus: `http://127.0.0.1:${small.port}` })).toMatchInlineSnapshot(`
      [
        "Prometheus at URL answered 422 Unprocessable Entity: query processing would load too many samples into memory in query execution; if the query is too large, try a shorter --window or a namespace (-n)",
      ]
    `);
  });

  test('a token that cannot be read', async () => {
    expect(await failure({ prometheusTokenFile: '/nope' })).toMatchInlineSnapshot(`
      [
        "cannot read the token for Prometheus: ENOENT: no such file or directory, open '/nope'",
      ]
    `);
  });

  test.each([
    [{ prometheus: 'shop:9090' }, '--prometheus must be an address such as http://localhost:9090'],
    ...['http://a?token=s3cret', 'http://a#s3cret'].map((prometheus): [Partial<RecommendFlags>, string] => [
      { prometheus },
      '--prometheus must not have a query or a fragment; omit ? or # and the rest',
    ]),
    [
      { prometheus: 'http://jane:50%@a' },
      '--prometheus has a user or password that is not percent-encoded; write % as %25',
    ],
    [{ window: 60 }, '--window 1m is shorter than --minimum-time 1d, so nothing could be proposed'],
    [{ watchFor: 60 }, '--watch-for is for metrics.k8s.io; with --prometheus specify --window'],
    [{ window: 0, minimumTime: 0 }, '--window must be longer than 0s'],
  ])('%o', async (flags, message) => {
    expect(await failure(flags)).toEqual([message]);
  });
});

test('user and password in the address are sent to it, and shown nowhere', async () => {
  // the hash of `s3cret`
  const hash = '$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK';
  const own = await startPrometheus({ stored: little, web: { basic_auth_users: { jane: hash } } });
  onTestFinished(own.stop);
  const address = (user: string) => `http://${user}127.0.0.1:${own.port}`;
  const { output } = await recommended({ ...ofOneCluster, prometheus: address('jane:s3cret@') });
  expect(output).toContain(`source: Prometheus at ${address('')}, the last 7d`);
  const { messages } = await recommended({ prometheus: address('') });
  expect(messages).toMatchInlineSnapshot(`
    [
      "Prometheus at URL answered 401 Unauthorized; pass a token with --prometheus-token-file, or USER:PASSWORD@ in the address",
    ]
  `);
});
