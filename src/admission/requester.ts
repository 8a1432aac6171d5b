import { matchesGlob } from '../engine/glob.ts';
import type { Policy } from '../engine/policy.ts';
import type { PodMetadata } from '../subject/pod-types.ts';
import { mirrorsStaticPod } from '../subject/special-pods.ts';
import type { UserInfo } from './review.ts';

const controllers = [
  'deployment-controller',
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
 * Whether the requester's owner references are trusted: a controller of Kubernetes, or an operator that the policy
 * lists. Others, including GitOps controllers, pass on references that users write.
 */
export const mayNameOwners = (user: UserInfo, { operators }: Policy): boolean =>
  isBuiltInController(user) || operators.some((pattern) => matchesGlob(pattern, user.username));

/**
 * Whether the Pod mirrors a static Pod of a node. Anyone can write the annotation; only a node's kubelet, as the
 * NodeRestriction plugin ensures, has the group and the reference to its Node.
 */
export function isMirrorPod(metadata: PodMetadata, { groups }: UserInfo): boolean {
  return groups.includes('system:nodes') && mirrorsStaticPod(metadata);
}
