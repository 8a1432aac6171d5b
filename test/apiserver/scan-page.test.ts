import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { kubectlIn, wanted } from './support/kubectl.ts';
import { deployment } from './support/podwright.ts';
import { type Replica, startReplica } from './support/replica.ts';
import { until } from './support/until.ts';

const namespace = 'scan-page';

/** A replica that scans soon after it becomes the leader. */
async function start(kubeconfig: string, pod: string): Promise<Replica> {
  const replica = await startReplica({
    certificate: { hosts: [] },
    cluster: { kubeconfig },
    election: { lease: 'pages', namespace, pod },
    scan: { everyMs: 3_600_000, reports: 'none', passes: false, maxReports: 0, page: true, timing: { firstMs: 0 } },
  });
  onTestFinished(() => replica.end('SIGKILL'));
  return replica;
}

test('the leader shows its last scan, and every other replica names the leader', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, inject('kubeconfig'));
  const kubectl = await kubectlIn(namespace);
  const privileged = deployment('web', 0, { container: { securityContext: { privileged: true } } });
  await wanted(kubectl.send(privileged, 'create', '-f', '-'));

  const first = await start(kubeconfig, 'podwright-one');
  await until('a leader', async () => (await first.metric('leader')) === 1);
  const second = await start(kubeconfig, 'podwright-two');
  const isShown = async (replica: Replica): Promise<boolean> => (await replica.get('/scan')).status === 200;
  await until('the page', () => isShown(first), 60);
  const { text: page } = await first.get('/scan');
  expect(page).toContain('<h1>Podwright scan of this cluster</h1>');
  const [web = ''] = /<details class="workload" data-namespace="scan-page"[^]*?<\/details>/.exec(page) ?? [];
  expect(web).toContain(`<span class="title">Deployment ${namespace}/web</span>`);
  expect(web).toContain('data-outcomes="denied');
  expect(web).toContain('no-privileged-containers');

  const elsewhere = await second.get('/scan');
  expect(elsewhere.status).toBe(503);
  expect(elsewhere.text).toMatch(/kubectl port-forward --namespace scan-page pod\/podwright-one (\d+):\1</);

  await first.end('SIGTERM');
  await until('the page of the next leader', () => isShown(second), 60);
  expect((await second.get('/scan')).text).toContain(`<span class="title">Deployment ${namespace}/web</span>`);
});
