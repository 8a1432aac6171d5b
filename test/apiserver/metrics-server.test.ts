import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandLine, openCommandLine } from './support/command-line.ts';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { type MetricsServer, startMetricsServer } from './support/metrics-server.ts';
import { hasMetricsServer } from './support/metrics-server-program.ts';
import { deployment } from './support/podwright.ts';

const namespace = 'metrics';

describe.skipIf(!hasMetricsServer)('by the real metrics-server', () => {
  let line: CommandLine;
  let kubectl: Kubectl;
  let server: MetricsServer;

  beforeAll(async () => {
    line = await openCommandLine();
    kubectl = await kubectlIn(namespace);
    const busy = { command: ['sh', '-c', 'while :; do :; done'], resources: { limits: { cpu: '100m' } } };
    await kubectl.create(deployment('busy', 1, { container: busy }));
    await kubectl.create(deployment('idle', 2, { container: { resources: {} } }));
    await wanted(kubectl('rollout', 'status', 'deployment/busy', '--timeout=60s'));
    await wanted(kubectl('rollout', 'status', 'deployment/idle', '--timeout=60s'));
    server = await startMetricsServer();
  });
  afterAll(async () => {
    await server?.stop();
    await wanted(kubectl('delete', 'namespace', namespace, '--wait=false'));
    await line.close();
  });

  test('recommend proposes what a busy container uses', async () => {
    const args = ['recommend', '-n', namespace, '--watch-for', '45s', '--minimum-time', '20s', '-o', 'json'];
    const { code, stdout, stderr } = await line.podwright(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { source, workloads } = JSON.parse(stdout) as Written;
    expect({ source, names: workloads.map(({ name }) => name) }).toEqual({
      source: 'metrics.k8s.io, read for 45s',
      names: ['busy', 'idle'],
    });
    const [busy, idle] = workloads.map(({ containers: [container] }) => container);
    expect(busy).toMatchObject({ name: 'app', watchedPods: 1, throttled: null, oomKilledPods: 0, unproposed: null });
    expect(busy?.used.cpu).toMatch(/^[1-9]\d*m$/);
    expect(busy?.used.memory).toMatch(/^\d+Mi$/);
    expect(idle).toMatchObject({ watchedPods: 2, proposed: { requests: { cpu: '10m', memory: '16Mi' } } });
  }, 180_000);
});

interface Written {
  readonly source: string;
  readonly workloads: readonly {
    readonly name: string;
    readonly containers: readonly {
      readonly name: string;
      readonly used: { readonly cpu: string; readonly memory: string };
    }[];
  }[];
}
