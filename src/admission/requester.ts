import type { PodMetadata } from '../subject/pod-types.ts';
import type { UserInfo } from './review.ts';

const controllers = [
  'replicaset-controller',
  'daemon-set-controller',
  'statefulset-controller',
  'job-controller',
  'cronjob-controller',
  'replication-controller',
];
const controllerAccounts = new Set([
  'system:kube-controller-manager',
  ...controllers.map((name) => `system:serviceaccount:kube-system:${name}`),
]);

/** Whether the request comes from a controller of Kubernetes itself. */
export function isBuiltInController({ username }: UserInfo): boolean {
  return controllerAccounts.has(username);
}

/**
 * Whether the Pod mirrors a static Pod of a node. Anybody may write the annotation; only a node's kubelet, held to it by
 * the NodeRestriction plugin, comes with the group and the reference to its Node.
 */
export function isMirrorPod(metadata: PodMetadata, { groups }: UserInfo): boolean {
  return (
    metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined &&
    groups.includes('system:nodes') &&
    metadata.ownerReferences?.some(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Node') === true
  );
}
