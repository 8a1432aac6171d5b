import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { clusterOfPods } from '../cluster/support/cluster-of-pods.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';
const run = promisify(execFile);
const script = join(import.meta.dirname, '../cluster/support/scan-process.ts');
test('x', { timeout: 300_000 }, async () => {
  const api = await startClusterOf(clusterOfPods(20000, { podsEach: 10, eachNamespace: 10 }));
  const t = process.cpuUsage();
  const { stdout } = await run(execPath, ['--cpu-prof', '--cpu-prof-dir=/tmp/prof2', script, api.kubeconfig]);
  console.log('fake cpu', process.cpuUsage(t).user / 1e6, api.requests.length, stdout);
});
