import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { clusterOfPods } from '../cluster/support/cluster-of-pods.ts';
import type { ScanMeasurement } from '../cluster/support/scan-process.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../cluster/support/scan-process.ts');

test('150,000 Pods are scanned in little memory, and the event loop stays free', { timeout: 300_000 }, async () => {
  const count = 150_000;
  const api = await startClusterOf(clusterOfPods(count, { podsEach: 10, eachNamespace: 10 }));
  const { stdout } = await run(execPath, [script, api.kubeconfig]);
  const measured = JSON.parse(stdout) as ScanMeasurement;
  expect(measured).toMatchObject({ subjects: count / 10, pods: count });
  expect(measured.grownMiB).toBeLessThan(100);
  expect(measured.busyP99Ms).toBeLessThan(50);
});
