import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { inNode, wanted } from '../../apiserver/support/kubectl.ts';
import { until } from '../../apiserver/support/until.ts';

const run = promisify(execFile);
const script = `
pid=$(pgrep -x kube-apiserver)
mapfile -d '' -t command < /proc/$pid/cmdline
cd "$(readlink /proc/$pid/cwd)"
kill -KILL "$pid"
while (exec 3<> /dev/tcp/127.0.0.1/6443) 2> /dev/null; do sleep 0.1; done
exec "\${command[@]}" >> /var/log/kubernetes/apiserver.log 2>&1
`;

/**
 * Ends the API server's process, starts it anew once its port is free, and waits until it is ready. The first process
 * of the node, which ends the node when any part of it ends, is held still from then on: the node can be restarted,
 * but not be left.
 */
export async function restartApiServer(): Promise<void> {
  await run('docker', ['kill', '--signal=STOP', inject('node')]);
  const before = await processId();
  await run('docker', ['exec', '--detach', inject('node'), 'bash', '-c', script]);
  await until('another process of the API server', async () => {
    const now = await processId();
    return now !== before && now !== '';
  });
  await untilApiServerReady();
}

/**
 * Restarts the node with all that runs on it. Control groups of containers from before, which it shares with its host,
 * outlast it; the node's agent would wait some seconds for each.
 */
export async function restartNode(): Promise<void> {
  await run('docker', ['restart', '-t', '2', inject('node')]);
  await inNode(['find', '/sys/fs/cgroup', '-depth', '-type', 'd', '-path', '*/k8s.io/*', '-exec', 'rmdir', '{}', '+']);
  await untilApiServerReady();
  await wanted(inNode(['kubectl', 'wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s']));
}

async function untilApiServerReady(): Promise<void> {
  await until(
    'the API server to be ready',
    async () => (await inNode(['kubectl', 'get', '--raw', '/readyz'])).code === 0,
  );
}

async function processId(): Promise<string> {
  return (await inNode(['pgrep', '-x', '--newest', 'kube-apiserver'])).stdout.trim();
}
