import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { hasPrometheus } from '../prometheus/support/prometheus-program.ts';
import { type StartedPrometheus, startPrometheus } from '../prometheus/support/start-prometheus.ts';
import { type CommandLine, openCommandLine, type Printed } from './support/command-line.ts';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment } from './support/podwright.ts';
import { until } from './support/until.ts';

const namespace = 'recommend';
let commandLine: CommandLine;
let kubectl: Kubectl;

const podwright = (...args: string[]): Promise<Printed> => commandLine.podwright(args);
const file = (name: string, content: string): Promise<string> => commandLine.file(name, content);

beforeAll(async () => {
  commandLine = await openCommandLine();
  kubectl = await kubectlIn(namespace);
  const busy = { command: ['sh', '-c', 'while :; do :; done'], resources: { limits: { cpu: '100m', memory: '64Mi' } } };
  const greedy = { command: ['tail', '/dev/zero'], resources: { limits: { memory: '24Mi' } } };
  await kubectl.create(deployment('busy', 1, { container: busy }));
  await kubectl.create(deployment('greedy', 1, { container: greedy }));
  await kubectl.create(deployment('idle', 2, { container: { resources: {} } }));
  await until('a container that is OOM-killed', async () => {
    const { items } = await kubectl.get<{ items: object[] }>('pods');
    return items.length === 4 && JSON.stringify(items).includes('OOMKilled');
  });
});

afterAll(async () => {
  await wanted(kubectl('delete', 'namespace', namespace, '--wait=false'));
  await commandLine.close();
});

/** A Prometheus that scrapes the kubelet through the API server, as the administrator. */
async function startScraping(): Promise<StartedPrometheus> {
  const { clusters, users } = parse(inject('kubeconfig')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
  };
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  const decoded = (name: string, data: string): Promise<string> => file(name, Buffer.from(data, 'base64').toString());
  const scrape = {
    job_name: 'kubelet',
    scrape_interval: '1s',
    scheme: 'https',
    metrics_path: '/api/v1/nodes/node/proxy/metrics/cadvisor',
    static_configs: [{ targets: [new URL(server).host] }],
    tls_config: {
      ca_file: await decoded('ca.crt', ca),
      cert_file: await decoded('client.crt', cert),
      key_file: await decoded('client.key', key),
    },
  };
  return startPrometheus({ config: { scrape_configs: [scrape] } });
}

test('without the metrics API it says what to install', async () => {
  expect(await podwright('recommend', '-n', namespace)).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'the cluster has no usage in metrics.k8s.io (the API server answered 404 Not Found); is metrics-server installed? Or specify --prometheus\n',
  });
});

test.skipIf(!hasPrometheus)(
  'by the metrics of a real kubelet',
  async () => {
    const prometheus = await startScraping();
    const url = `http://127.0.0.1:${prometheus.port}`;
    const recommend = (...args: string[]) =>
      // a longer window would have longer steps
      podwright('recommend', '-n', namespace, '--prometheus', url, '--window', '10m', '--minimum-time', '15s', ...args);
    const containerOf = async (name: string): Promise<Container | undefined> => {
      const { stdout } = await recommend('-o', 'json');
      const { workloads } = JSON.parse(stdout || '{"workloads":[]}') as Written;
      return workloads.find((workload) => workload.name === name)?.containers[0];
    };
    try {
      await until(
        'proposals',
        async () => {
          const both = [await containerOf('busy'), await containerOf('idle')];
          return both.every((container) => container?.proposed !== null && container !== undefined);
        },
        180,
      );
      const busy = await containerOf('busy');
      expect(busy).toMatchObject({
        name: 'app',
        current: { limits: { cpu: '100m' } },
        watchedPods: 1,
        oomKilledPods: 0,
      });
      expect(busy?.throttled).toBeGreaterThan(0);
      expect(await containerOf('idle')).toMatchObject({ watchedPods: 2, throttled: null, oomKilledPods: 0 });
      expect(await containerOf('greedy')).toMatchObject({ current: { limits: { memory: '24Mi' } }, oomKilledPods: 1 });
      const patches = (await recommend('-o', 'patch')).stdout.split('---\n');
      const patch = patches.find((each) => each.includes('name: busy')) ?? '';
      const flags = ['--patch-file', '/dev/stdin', '--dry-run=server'];
      const { code, stdout } = await kubectl.send(parse(patch), 'patch', 'deployment', 'busy', ...flags);
      expect({ code, stdout: stdout.split(' ').slice(0, 2).join(' ').trim() }).toEqual({
        code: 0,
        stdout: 'deployment.apps/busy patched',
      });
    } finally {
      await prometheus.stop();
    }
  },
  300_000,
);

interface Container {
  readonly throttled: number | null;
  readonly proposed: object | null;
}

interface Written {
  readonly workloads: readonly { readonly name: string; readonly containers: readonly Container[] }[];
}
