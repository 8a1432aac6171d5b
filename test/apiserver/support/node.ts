import { K3sContainer, type StartedK3sContainer } from '@testcontainers/k3s';
import type { TestProject } from 'vitest/node';
import { auditLogFile } from './audit-log-file.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Id of the container that is the cluster's one node. */
    readonly node: string;
    /** What reaches its API server from here. */
    readonly kubeconfig: string;
    /** An image that the node has or can pull, with `sleep` in it. */
    readonly image: string;
  }
}

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Metadata',
      verbs: ['create', 'update', 'patch', 'delete'],
      resources: [{ group: '', resources: ['pods', 'pods/*'] }, { group: 'apps' }, { group: 'batch' }],
    },
    { level: 'None' },
  ],
};
const auditPolicyFile = '/etc/kubernetes/audit-policy.json';

let container: StartedK3sContainer | undefined;

/** Starts the cluster that all files of this project share. */
export async function setup(project: TestProject): Promise<void> {
  container = await new K3sContainer(process.env['K3S_IMAGE'] ?? 'rancher/k3s:v1.36.3-k3s1')
    .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
    .withCopyContentToContainer([{ content: JSON.stringify(auditPolicy), target: auditPolicyFile }])
    .withCommand([
      'server',
      '--disable=traefik',
      `--kube-apiserver-arg=audit-policy-file=${auditPolicyFile}`,
      `--kube-apiserver-arg=audit-log-path=${auditLogFile}`,
    ])
    .start();
  const { output: images } = await container.exec(['ctr', '-n', 'k8s.io', 'images', 'ls', '-q']);
  const local = 'docker.io/local/pause:1';
  project.provide('node', container.getId());
  project.provide('kubeconfig', container.getKubeConfig());
  project.provide('image', images.includes(local) ? local : 'docker.io/library/busybox:1.37');
}

export async function teardown(): Promise<void> {
  await container?.stop();
}
