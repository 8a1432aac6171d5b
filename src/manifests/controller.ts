import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** The reference of an object of any kind to what manages it, if anything does. Never throws. */
export function controllerOfObject({ content }: KubernetesObject): OwnerReference | undefined {
  return controllerOf(metadataOf(content));
}

const builtIn: ReadonlySet<string> = new Set([
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  '/ReplicationController',
]);

/** Whether the owner is of a kind whose Pods kube-controller-manager creates. */
export function isBuiltInOwner({ apiVersion, kind }: OwnerReference): boolean {
  const group = apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return builtIn.has(`${group}/${kind}`);
}
