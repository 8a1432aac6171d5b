import type { Pointer } from '../patch/pointer.ts';
import { oncePerPod } from './pod-facts.ts';
import type { PodSubject } from './pod-subject.ts';
import type { Container, Volume, VolumeMount } from './pod-types.ts';
import { remembered } from './remembered.ts';

/** A container's access to a path of its filesystem through its mounts. */
export type MountState = 'writable' | 'read-only' | 'unmounted';

const readOnlySources = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'] as const;

/**
 * The state of the mount that contains the path: the deepest one at the path or above it. Paths are normalized before
 * comparison, because `/tmp`, `/tmp/` and `tmp` are one path to the runtime but three to the API server.
 */
export function mountStateAt(pod: PodSubject, container: Container, path: string): MountState {
  const place = normalPath(path);
  if (container.volumeDevices?.some((device) => normalPath(device.devicePath ?? '') === place)) return 'read-only';
  let deepest: { readonly path: string; readonly state: MountState } | undefined;
  for (const mount of container.volumeMounts ?? []) {
    const mountPath = normalPath(mount.mountPath ?? '');
    if (!place.startsWith(mountPath)) continue;
    if (place.length > mountPath.length && place[mountPath.length] !== '/') continue;
    if (deepest !== undefined && deepest.path.length > mountPath.length) continue;
    const volume = volumesOf(pod).get(mount.name);
    const readOnly = mount.readOnly === true || readOnlySources.some((source) => volume?.[source] !== undefined);
    deepest = { path: mountPath, state: readOnly ? 'read-only' : 'writable' };
  }
  return deepest?.state ?? 'unmounted';
}

const volumesOf = oncePerPod(
  ({ spec }): ReadonlyMap<string, Volume> =>
    new Map((spec.volumes ?? []).toReversed().map((volume) => [volume.name, volume])),
);

/** The mounts of each volume. */
export const mountsByVolume = oncePerPod(
  ({ containers }): ReadonlyMap<string | undefined, readonly VolumeMount[]> =>
    Map.groupBy(
      containers.flatMap(({ spec }) => spec.volumeMounts ?? []),
      ({ name }) => name,
    ),
);

/** The places where containers mount a volume and may write to it. */
export const writableMounts = (pod: PodSubject, volume: string): { path: Pointer; container: string }[] =>
  pod.containers.flatMap(({ name, spec, at }) =>
    (spec.volumeMounts ?? []).flatMap((mount, index) =>
      mount.name === volume && mount.readOnly !== true
        ? [{ path: at('volumeMounts', index, 'readOnly'), container: name }]
        : [],
    ),
  );

/** The absolute path without `.`, `..`, doubled or trailing slashes. */
export const normalPath = remembered((path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
});

/** Whether an absolute path is the directory or below it. */
export function isWithin(directory: string, path: string): boolean {
  const above = normalPath(directory);
  return above === '/' || path === above || path.startsWith(`${above}/`);
}
