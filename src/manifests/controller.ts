import { metadataOf } from '../subject/pod-metadata.ts';
import { controllerOf } from '../subject/pod-subject.ts';
import type { OwnerReference } from '../subject/pod-types.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** The reference of an object of any kind to its controller, if it has one. Never throws. */
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

/** The kinds of templates that it creates. */
const builtInOuter: ReadonlySet<string> = new Set(['apps/Deployment', 'batch/CronJob']);

/** Whether the owner is of a kind whose Pods kube-controller-manager creates. */
export const isBuiltInOwner = (owner: OwnerReference): boolean => builtIn.has(groupKindOf(owner));

/** Whether kube-controller-manager creates the owned objects, Pods or templates; for all other kinds, operators do. */
export const isBuiltInKind = (owner: OwnerReference): boolean =>
  isBuiltInOwner(owner) || builtInOuter.has(groupKindOf(owner));

/** Empty for the core group. */
export const groupOf = (apiVersion: string | undefined): string =>
  apiVersion?.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

const groupKindOf = ({ apiVersion, kind }: OwnerReference): string => `${groupOf(apiVersion)}/${kind}`;
