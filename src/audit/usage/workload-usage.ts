import type { ContainerUsage } from './container-usage.ts';

/** The lists of a Pod that hold containers which keep running: main containers, and sidecars. */
export type ContainerList = 'containers' | 'initContainers';

/** The resources of a container: quantities as written. */
export interface ContainerResources {
  readonly requests: Readonly<Record<string, string | undefined>>;
  readonly limits: Readonly<Record<string, string | undefined>>;
}

/** A container of a running workload, with its usage in all Pods. */
export interface WorkloadContainer extends ContainerResources {
  readonly name: string;
  /** Where the workload's own template has it; undefined for one that is injected into Pods. */
  readonly list: ContainerList | undefined;
  /** The Pods in which it was last killed for lack of memory. */
  readonly oomKilledPods: number;
  /** Undefined if it was never seen. */
  readonly usage: SharedUsage | undefined;
}

/** The usage of the Pod that used most; Pods of one workload have the same requests. */
export interface SharedUsage extends Pick<ContainerUsage, 'cpu' | 'memory' | 'peakMemory' | 'throttled' | 'seconds'> {
  /** The number of Pods that were watched, including deleted ones. */
  readonly pods: number;
}

/** A top-level owner of Pods, with their usage. */
export interface WorkloadUsage {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The Pods that have not finished. */
  readonly pods: number;
  readonly containers: readonly WorkloadContainer[];
}

/** Merges the usage of the same container in several Pods; undefined if there is none. */
export function sharedUsage(all: readonly ContainerUsage[]): SharedUsage | undefined {
  if (all.length === 0) return undefined;
  return {
    pods: new Set(all.map(({ pod }) => pod)).size,
    cpu: largest(all.map(({ cpu }) => cpu)),
    memory: largest(all.map(({ memory }) => memory)),
    peakMemory: largest(all.map(({ peakMemory }) => peakMemory)),
    throttled: largest(all.map(({ throttled }) => throttled)),
    seconds: secondsWatched(all),
  };
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((most, value) => Math.max(most, value));
}

/** How long at least one of them was watched. */
function secondsWatched(all: readonly ContainerUsage[]): number {
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { since, seconds } of all.toSorted((a, b) => a.since - b.since)) {
    total += Math.max(0, since + seconds - Math.max(since, end));
    end = Math.max(end, since + seconds);
  }
  return total;
}
