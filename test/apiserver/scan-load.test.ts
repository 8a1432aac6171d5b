import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { clusterOfPods, neighborsOfPods } from '../cluster/support/cluster-of-pods.ts';
import type { FakeApi } from '../cluster/support/fake-api.ts';
import type { ScanMeasurement } from '../cluster/support/scan-process.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../cluster/support/scan-process.ts');
const count = 150_000;
/** Those of the leader: without them V8 lets its space for new objects grow, whatever lives in it. */
const { nodeOptions } = parse(
  readFileSync(join(import.meta.dirname, '../../charts/podwright/values.yaml'), 'utf8'),
) as {
  readonly nodeOptions: string;
};

async function measured({ kubeconfig }: FakeApi): Promise<ScanMeasurement> {
  const { stdout } = await run(execPath, [script, kubeconfig], { env: { ...env, NODE_OPTIONS: nodeOptions } });
  return JSON.parse(stdout) as ScanMeasurement;
}

test('150,000 Pods are scanned in little memory, and the event loop stays free', { timeout: 300_000 }, async () => {
  const scan = await measured(await startClusterOf(clusterOfPods(count, { podsEach: 10, eachNamespace: 10 })));
  expect(scan).toMatchObject({ subjects: count / 10, pods: count });
  expect(scan.grownMiB).toBeLessThan(100);
  expect(scan.busyP99Ms).toBeLessThan(50);
});

test('so they are in 5,000 namespaces beside 20,000 Services and 5,000 budgets', { timeout: 300_000 }, async () => {
  const eachNamespace = 3;
  const neighbors = neighborsOfPods(5_000, { servicesEach: 4, eachNamespace });
  const api = await startClusterOf({ ...clusterOfPods(count, { podsEach: 10, eachNamespace }), ...neighbors });
  const scan = await measured(api);
  expect(scan).toMatchObject({ subjects: count / 10, pods: count });
  expect(scan.grownMiB).toBeLessThan(100);
  expect(scan.busyP99Ms).toBeLessThan(50);
  expect(scan.pageBytes).toBeLessThan(8 * 2 ** 20);
  // pages of a hundred, and no request for a namespace of its own
  const pagesOf = (name: string): number => api.requests.filter(({ path }) => path.endsWith(`/${name}`)).length;
  expect(Object.fromEntries(['pods', 'services', 'poddisruptionbudgets'].map((name) => [name, pagesOf(name)]))).toEqual(
    {
      pods: 1_500,
      services: 200,
      poddisruptionbudgets: 50,
    },
  );
});
