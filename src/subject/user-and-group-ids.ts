import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from './pod-subject.ts';
import { securityContextsOf } from './security-contexts.ts';

/** A number of a user or a group that a Pod sets. */
export interface SetId {
  readonly field: 'runAsUser' | 'runAsGroup' | 'fsGroup' | 'supplementalGroups';
  readonly id: number;
  readonly path: Pointer;
  readonly container?: string | undefined;
}

/** Each number of a user or a group in the security contexts of a Pod. */
export function idsOf(pod: PodSubject): SetId[] {
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const own = securityContextsOf(pod).flatMap(({ security, container, at }) =>
    (['runAsUser', 'runAsGroup'] as const).flatMap((field) => idIn(field, security[field], at(field), container)),
  );
  return [
    ...own,
    ...idIn('fsGroup', fsGroup, pod.at('securityContext', 'fsGroup')),
    ...supplementalGroups.flatMap((id, index) =>
      idIn('supplementalGroups', id, pod.at('securityContext', 'supplementalGroups', index)),
    ),
  ];
}

const idIn = (field: SetId['field'], id: number | undefined, path: Pointer, container?: string): SetId[] =>
  typeof id === 'number' ? [{ field, id, path, container }] : [];
