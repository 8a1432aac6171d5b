import type { Access } from '../../engine/rule.ts';
import { normalPath } from '../../subject/mounts.ts';
import type { VolumeMount } from '../../subject/pod-types.ts';

/** How a Pod accesses a path of its node: the paths that it has, reads and writes, and the mounts that it shares. */
export function hostAccesses(place: string, mounts: readonly VolumeMount[]): Access[] {
  if (mounts.length === 0) return [{ way: 'has', path: place }];
  return mounts.flatMap((mount) => {
    const path = mount.subPath ? normalPath(`${place}/${mount.subPath}`) : place;
    return waysOf(mount).map((way) => ({ way, path }));
  });
}

const waysOf = ({ readOnly, mountPropagation }: VolumeMount): string[] => [
  'has',
  'reads',
  ...(readOnly === true ? [] : ['writes']),
  ...(mountPropagation === 'HostToContainer' || mountPropagation === 'Bidirectional' ? ['follows mounts'] : []),
  ...(mountPropagation === 'Bidirectional' ? ['mounts'] : []),
];
