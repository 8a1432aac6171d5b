import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from './pod-subject.ts';
import type { Volume } from './pod-types.ts';
import { securityContextsOf } from './security-contexts.ts';

/** A field that puts a container, or all of them, into the group of root. */
export interface RootGroup {
  readonly field: 'runAsGroup' | 'fsGroup' | 'supplementalGroups';
  readonly path: Pointer;
  readonly container?: string | undefined;
}

/** Each field with group 0 in it. */
export function rootGroupsOf(pod: PodSubject): RootGroup[] {
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const has = { fsGroup: fsGroup === 0, supplementalGroups: supplementalGroups.includes(0) };
  const own = securityContextsOf(pod)
    .filter(({ security }) => security.runAsGroup === 0)
    .map(({ container, at }) => ({ field: 'runAsGroup' as const, path: at('runAsGroup'), container }));
  const shared = (['fsGroup', 'supplementalGroups'] as const)
    .filter((field) => has[field])
    .map((field) => ({ field, path: pod.at('securityContext', field) }));
  return [...own, ...shared];
}

/** Whether the kubelet gives the files of the volume to `fsGroup`. */
export const takesGroup = ({ persistentVolumeClaim, csi, ephemeral, emptyDir }: Volume): boolean =>
  (persistentVolumeClaim !== undefined && persistentVolumeClaim.readOnly !== true) ||
  (csi !== undefined && csi.readOnly !== true) ||
  ephemeral !== undefined ||
  emptyDir !== undefined;
