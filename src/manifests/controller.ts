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

/** The kinds that it makes templates of. */
const builtInOuter: ReadonlySet<string> = new Set(['apps/Deployment', 'batch/CronJob']);

/** Whether the owner is of a kind whose Pods kube-controller-manager creates. */
export const isBuiltInOwner = (owner: OwnerReference): boolean => builtIn.has(groupKindOf(owner));

/** Whether kube-controller-manager creates what the owner owns, Pods or templates; operators do so for all other kinds. */
export const isBuiltInKind = (owner: OwnerReference): boolean =>
  isBuiltInOwner(owner) || builtInOuter.has(groupKindOf(owner));

/** Empty for the core group. */
export const groupOf = (apiVersion: string | undefined): string =>
  apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

const groupKindOf = ({ apiVersion, kind }: OwnerReference): string => `${groupOf(apiVersion)}/${kind}`;
