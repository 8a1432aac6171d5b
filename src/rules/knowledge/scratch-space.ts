import { append, type Edit } from '../../patch/edits.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import { type MountState, mountStateAt, normalPath } from '../../subject/mounts.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** The directories that need scratch space, and the `sizeLimit` of the volumes that a fix adds. */
export interface ScratchOptions {
  readonly paths: readonly string[];
  readonly sizeLimit: string;
}

/** A path that a container must be able to write to, and how to make it writable. */
export interface ScratchPath {
  readonly path: string;
  readonly state: MountState;
  /** Mounts a dedicated emptyDir there; absent if something else is mounted at the path or above it. */
  readonly fix: (() => readonly Edit[]) | undefined;
}

/** The paths that a container with a read-only root filesystem cannot write to. */
export function scratchSpace(pod: PodSubject, options: ScratchOptions): (container: ContainerView) => ScratchPath[] {
  let names: ReadonlyMap<string, string> | undefined;
  const mount = (container: ContainerView, path: string): readonly Edit[] => {
    names ??= scratchNames(pod, options.paths);
    const name = names.get(`${container.path} ${path}`) ?? '';
    const volume = append(pod.at('volumes'), { name, emptyDir: { sizeLimit: options.sizeLimit } });
    return [append(container.at('volumeMounts'), { name, mountPath: normalPath(path) }), volume];
  };
  return (container) => {
    const found: ScratchPath[] = [];
    for (const path of options.paths) {
      const state = mountStateAt(pod, container.spec, path);
      if (state === 'writable') continue;
      found.push({ path, state, fix: state === 'read-only' ? undefined : () => mount(container, path) });
    }
    return found;
  };
}

/**
 * A volume name for each container and path that differs from all names in the Pod. Containers never share a volume,
 * because one could then read the other's `/tmp`. All names are computed, needed or not, so that every rule gets the
 * same.
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

/** When many containers share a base, counting continues from the last number. */
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
