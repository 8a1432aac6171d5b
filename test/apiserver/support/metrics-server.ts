import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import { freePort } from '../../prometheus/support/start-prometheus.ts';
import { inNode, kubectlOf, wanted } from './kubectl.ts';
import { hostName } from './server-process.ts';
import { until } from './until.ts';

const name = 'metrics-server';
const namespace = 'kube-system';
const path = '/apis/metrics.k8s.io/v1beta1';

/** A metrics-server that the cluster's API server asks for `metrics.k8s.io`. */
export interface MetricsServer {
  /** Ends it, and waits until the cluster has no such API any more. */
  stop(): Promise<void>;
}

/** Starts it on this machine, as the administrator, and registers it in the cluster. */
export async function startMetricsServer(): Promise<MetricsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'podwright-metrics-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, inject('kubeconfig'));
  const port = await freePort();
  const child = spawn(
    name,
    [
      ...['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map(
        (flag) => `--${flag}=${kubeconfig}`,
      ),
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      '--kubelet-insecure-tls',
      '--kubelet-preferred-address-types=InternalIP',
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const log = text(child.stderr);
  const objects = { apiVersion: 'v1', kind: 'List', items: registration(await hostAddress(), port) };
  const kubectl = kubectlOf(namespace);
  const stop = async (): Promise<void> => {
    await wanted(kubectl.send(objects, 'delete', '--ignore-not-found', '-f', '-'));
    await until('the cluster to forget metrics.k8s.io', async () => {
      const { stderr } = await kubectl('get', '--raw', path);
      return stderr.includes('could not find the requested resource');
    });
    child.kill();
    await closed;
    await rm(folder, { recursive: true });
  };
  try {
    await wanted(kubectl.send(objects, 'apply', '-f', '-'));
    await until(
      'the usage of a Pod',
      async () => {
        if (child.exitCode !== null) throw new Error(`metrics-server ended: ${await log}`);
        const { code, stdout } = await kubectl('get', '--raw', `${path}/pods`);
        return code === 0 && stdout.includes('"containers":[{');
      },
      180,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** The address of this machine as the node has it. */
async function hostAddress(): Promise<string> {
  const { stdout } = await wanted(inNode(['grep', hostName, '/etc/hosts']));
  return stdout.trim().split(/\s+/)[0] ?? '';
}

/** A Service without selector leads to this machine; the API server asks it as whoever asks. */
function registration(address: string, port: number): object[] {
  const metadata = { name, namespace };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } };
  const ofRole = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 443, targetPort: port }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ port }],
    },
    {
      ...role,
      rules: [
        { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['get', 'list'] },
        // how the API server finds out whether it is available
        { nonResourceURLs: [path], verbs: ['get'] },
      ],
    },
    // an API server without a certificate for such servers, as that of the test cluster, asks them as nobody
    {
      apiVersion: role.apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: ofRole,
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:anonymous' }],
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name, namespace, port: 443 },
      },
    },
  ];
}
