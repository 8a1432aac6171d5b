import { K3sContainer, type StartedK3sContainer } from '@testcontainers/k3s';
import { admissionConfig } from './admission-config.ts';
import { auditLogFile } from './audit-log-file.ts';
import { nodeImage } from './container-images.ts';

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

/** A cluster of one node, and an image that the node has or can pull, with `sleep` in it. */
export interface StartedNode {
  readonly container: StartedK3sContainer;
  readonly image: string;
  /** The authority of the client certificate that the API server presents to webhooks. */
  readonly clientCa: string;
}

/** Starts a cluster of one node that writes an audit log and has a client certificate for webhooks. */
export async function startNode(): Promise<StartedNode> {
  const { clientCa, argument, files } = await admissionConfig();
  const container = await new K3sContainer(nodeImage)
    .withExtraHosts([{ host: 'host.docker.internal', ipAddress: 'host-gateway' }])
    .withCopyContentToContainer([{ content: JSON.stringify(auditPolicy), target: auditPolicyFile }, ...files])
    .withCommand([
      'server',
      '--disable=traefik',
      `--kube-apiserver-arg=audit-policy-file=${auditPolicyFile}`,
      `--kube-apiserver-arg=audit-log-path=${auditLogFile}`,
      argument,
    ])
    .start();
  const { output: images } = await container.exec(['ctr', '-n', 'k8s.io', 'images', 'ls', '-q']);
  const local = 'docker.io/local/pause:1';
  return { container, clientCa, image: images.includes(local) ? local : 'docker.io/library/busybox:1.37' };
}
