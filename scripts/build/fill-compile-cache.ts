import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';

// Runs in the image while it is built, with the image's own Node.js and user. It lets the program do what it does in a cluster,
// so that Node.js keeps the code compiled for it in the folder of NODE_COMPILE_CACHE.

const program = '/podwright/podwright.js';
const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
const policy = join(folder, 'policy.yaml');
const kubeconfig = join(folder, 'kubeconfig');
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'app', image: 'web' }] },
};

writeFileSync(policy, 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: audit\n');
writeFileSync(
  kubeconfig,
  JSON.stringify({
    clusters: [{ name: 'none', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'none', user: {} }],
    contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
    'current-context': 'none',
  }),
);
await serveOnce();
spawnSync(execPath, [program, 'audit', '-'], { input: JSON.stringify(pod) });

/** Serves with the flags of the chart, and evaluates a Pod, with a cluster that does not answer. */
async function serveOnce(): Promise<void> {
  const inCluster = [
    '--kubeconfig',
    kubeconfig,
    '--lease',
    'podwright',
    '--certificate-secret',
    'podwright',
    '--service',
    'podwright',
  ];
  const flags = ['--host', '127.0.0.1', '--port', '0', '--monitoring-port', '0', '--policy', policy, ...inCluster];
  const child = spawn(execPath, [program, 'serve', '--shutdown-delay', '0', ...flags], {
    env: { ...env, POD_NAMESPACE: 'podwright' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const { msg, admission } = JSON.parse(line) as { msg: string; admission?: string };
    if (msg !== 'serving') continue;
    for (const path of ['/mutate', '/validate']) await review(`${admission}${path}`);
    child.kill();
  }
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`podwright serve ended with ${child.exitCode}`);
}

async function review(url: string): Promise<void> {
  const call = request(`${url}?timeout=5s`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    rejectUnauthorized: false,
  });
  const resource = { group: '', version: 'v1', resource: 'pods' };
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const asked = { uid: 'u', kind, resource, operation: 'CREATE', namespace: 'default', userInfo: {}, object: pod };
  call.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked }));
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
}
