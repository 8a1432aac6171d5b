import { matchesGlob } from './glob.ts';

/** The request that a fix sets in the containers of some workloads. */
export interface RequestDefault {
  /** `namespace/Kind/name` of the top-level owner; globs. */
  readonly workloads: readonly string[];
  /** The name of the container, a glob; all containers if absent. */
  readonly container?: string | undefined;
  readonly value: string;
}

/** The format of `workloads`. */
export const placedWorkloadPattern =
  '^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?/[A-Z*][A-Za-z0-9*]*/[a-z0-9*]([-a-z0-9.*]*[a-z0-9*])?$';

/**
 * The entries that apply to a workload, in their order. `workloads` are its possible names with the namespace. Names
 * are looked up in an index, and patterns in that of their namespace, so the work does not grow with the list.
 */
export function defaultsFor(
  defaults: readonly RequestDefault[],
  workloads: readonly string[],
): readonly RequestDefault[] {
  if (defaults.length === 0) return defaults;
  const index = indexOf(defaults);
  const found = workloads.flatMap((workload) => [
    ...(index.named.get(workload) ?? []),
    ...[...(index.patterns.get(namespaceIn(workload)) ?? []), ...index.anywhere]
      .filter(({ pattern }) => matchesGlob(pattern, workload))
      .map(({ position }) => position),
  ]);
  return [...new Set(found)].toSorted((a, b) => a - b).flatMap((position) => defaults[position] ?? []);
}

/** The value of the first entry for the container. */
export const valueFor = (entries: readonly RequestDefault[], container: string): string | undefined =>
  entries.find((entry) => entry.container === undefined || matchesGlob(entry.container, container))?.value;

/** The positions of entries by the workloads that they list. */
interface DefaultsIndex {
  readonly named: ReadonlyMap<string, readonly number[]>;
  /** By namespace. */
  readonly patterns: ReadonlyMap<string, readonly Pattern[]>;
  /** Those of any namespace. */
  readonly anywhere: readonly Pattern[];
}

interface Pattern {
  readonly pattern: string;
  readonly position: number;
}

const indexes = new WeakMap<readonly RequestDefault[], DefaultsIndex>();

function indexOf(defaults: readonly RequestDefault[]): DefaultsIndex {
  let index = indexes.get(defaults);
  if (index === undefined) indexes.set(defaults, (index = makeIndex(defaults)));
  return index;
}

function makeIndex(defaults: readonly RequestDefault[]): DefaultsIndex {
  const all = defaults.flatMap(({ workloads }, position) => workloads.map((pattern) => ({ pattern, position })));
  const {
    named = [],
    local = [],
    anywhere = [],
  } = Object.groupBy(all, ({ pattern }) => {
    if (!pattern.includes('*')) return 'named';
    return namespaceIn(pattern).includes('*') ? 'anywhere' : 'local';
  });
  const byName = Map.groupBy(named, ({ pattern }) => pattern);
  return {
    named: new Map([...byName].map(([name, own]) => [name, own.map(({ position }) => position)])),
    patterns: Map.groupBy(local, ({ pattern }) => namespaceIn(pattern)),
    anywhere,
  };
}

const namespaceIn = (workload: string): string => workload.slice(0, workload.indexOf('/'));
