import { append, type Edit } from '../patch/edits.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { type MountState, mountStateAt, normalPath } from '../subject/mounts.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

export interface ScratchOptions {
  readonly paths: readonly string[];
  readonly sizeLimit: string;
}

/** A path that a container must be able to write to, and how it stands there. */
export interface ScratchPath {
  readonly path: string;
  readonly state: MountState;
  /** What mounts an emptyDir of its own there; absent when something else is mounted at the path or above it. */
  readonly fix: (() => readonly Edit[]) | undefined;
}

/** Tells of a container with a read-only root which paths it cannot write to. */
export function scratchSpace(pod: PodSubject, options: ScratchOptions): (container: ContainerView) => ScratchPath[] {
  let names: ReadonlyMap<string, string> | undefined;
  return (container) =>
    options.paths.flatMap((path): ScratchPath[] => {
      const state = mountStateAt(pod, container.spec, path);
      if (state === 'writable') return [];
      if (state === 'read-only') return [{ path, state, fix: undefined }];
      const fix = (): readonly Edit[] => {
        names ??= scratchNames(pod, options.paths);
        const name = names.get(`${container.path} ${path}`) ?? '';
        const volume = append(pod.at('volumes'), { name, emptyDir: { sizeLimit: options.sizeLimit } });
        const mount = append(container.at('volumeMounts'), { name, mountPath: normalPath(path) });
        return [mount, volume];
      };
      return [{ path, state, fix }];
    });
}

/**
 * A volume name for each container and path, unlike any in the Pod. Containers never share one: `/tmp` of one would be
 * open to the other. Names are given for all of them, needed or not, so that every rule that asks gets the same.
 */
function scratchNames(pod: PodSubject, paths: readonly string[]): Map<string, string> {
  const mounted = pod.containers.flatMap(({ spec }) => spec.volumeMounts ?? []);
  const taken = new Set([...(pod.spec.volumes ?? []), ...mounted].map(({ name }) => name));
  const names = new Map<string, string>();
  const next = new Map<string, number>();
  for (const container of pod.containers)
    for (const path of paths) {
      const base = `scratch-${container.name}${normalPath(path)}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const name = unlike(taken, base, next);
      taken.add(name);
      names.set(`${container.path} ${path}`, name);
    }
  return names;
}

const maxLabelLength = 63;

/** A base that many containers share goes on counting where it ended. */
function unlike(taken: ReadonlySet<string>, base: string, next: Map<string, number>): string {
  const start = base.slice(0, maxLabelLength);
  for (let count = next.get(start) ?? 1; ; count++) {
    const suffix = count === 1 ? '' : `-${count}`;
    const name = base.slice(0, maxLabelLength - suffix.length).replace(/-+$/, '') + suffix;
    if (taken.has(name)) continue;
    next.set(start, count + 1);
    return name;
  }
}
