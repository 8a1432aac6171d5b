import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** The reference of an object of any kind to its controller, if it has one. Never throws. */
export function controllerOfObject({ content }: KubernetesObject): OwnerReference | undefined {
  return controllerOf(metadataOf(content));
}

/** The owners for which kube-controller-manager creates objects of a kind, by that kind. */
const creators: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['/Pod', new Set(['apps/ReplicaSet', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job', '/ReplicationController'])],
  ['apps/ReplicaSet', new Set(['apps/Deployment'])],
  ['batch/Job', new Set(['batch/CronJob'])],
]);

/** Whether the owner is of a kind whose Pods kube-controller-manager creates. */
export const isBuiltInOwner = (owner: OwnerReference): boolean =>
  creators.get('/Pod')?.has(groupKindOf(owner)) === true;

/** Whether kube-controller-manager creates such an object for the owner; otherwise an operator does. */
export const isCreatedByKubernetes = ({ group, kind }: KubernetesObject, owner: OwnerReference): boolean =>
  creators.get(`${group}/${kind}`)?.has(groupKindOf(owner)) === true;

/** Empty for the core group. */
export const groupOf = (apiVersion: string | undefined): string =>
  apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

const groupKindOf = ({ apiVersion, kind }: OwnerReference): string => `${groupOf(apiVersion)}/${kind}`;
