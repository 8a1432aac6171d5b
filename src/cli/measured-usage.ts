import { plausibleAmount, type Unproposed } from '../audit/usage/index.ts';
import type { MeasuredContainer, MeasuredResource } from '../fix/measured-requests.ts';

/** The findings of `podwright recommend` about one container. */
export interface MeasuredUsage {
  readonly proposed: Readonly<Partial<Record<MeasuredResource, string>>>;
  /** Why nothing is proposed, if so. */
  readonly unproposed: Unproposed | undefined;
  /** Undefined if the data does not contain it. */
  readonly watchedSeconds: number | undefined;
  readonly watchedPods: number | undefined;
  /** The share of scheduling periods in which it was throttled; undefined if unknown. */
  readonly throttled: number | undefined;
  readonly oomKilledPods: number;
  readonly cpuLimit: string | undefined;
}

/** The known usage of containers. */
export interface MeasuredContainers {
  /** Where it comes from, in words. */
  readonly source: string | undefined;
  /** Containers that were watched for less have no proposal; undefined if the data does not contain it. */
  readonly minimumSeconds: number | undefined;
  of(container: MeasuredContainer): MeasuredUsage | undefined;
  /** The proposals that no container can have and that are therefore ignored, in words. */
  readonly ignored: readonly string[];
}

/** The fields of `podwright recommend -o json` that are read. */
interface WrittenUsage {
  readonly version?: unknown;
  readonly source?: unknown;
  readonly minimumSeconds?: unknown;
  readonly workloads?: unknown;
}

interface WrittenWorkload {
  readonly apiVersion?: unknown;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly containers: readonly WrittenContainer[];
}

interface WrittenContainer {
  readonly name: string;
  readonly proposed?: { readonly requests?: Readonly<Partial<Record<MeasuredResource, unknown>>> | null } | null;
  readonly unproposed?: unknown;
  readonly watchedSeconds?: unknown;
  readonly watchedPods?: unknown;
  readonly throttled?: unknown;
  readonly oomKilledPods?: unknown;
  readonly current?: { readonly limits?: { readonly cpu?: unknown } | null } | null;
}

/** The entry of a container, and where it is. */
interface Placed {
  readonly place: string;
  readonly apiVersion: unknown;
  readonly usage: MeasuredUsage | undefined;
}

/** Reads the data of `podwright recommend -o json`, or describes the problem with it. */
export function measuredContainers(data: unknown): MeasuredContainers | { readonly problem: string } {
  const { version, source, minimumSeconds, workloads } = Object(data) as WrittenUsage;
  if (!Array.isArray(workloads)) return { problem: 'it has no list of workloads' };
  if (version !== 1) return { problem: `its version is ${JSON.stringify(version)}; this podwright reads version 1` };
  const entries = new Map<string, Placed>();
  const ignored: string[] = [];
  for (const [index, workload] of workloads.entries()) {
    if (!isWorkload(workload)) return { problem: `workloads[${index}] is not a workload` };
    const { apiVersion } = workload;
    for (const [at, container] of workload.containers.entries()) {
      const place = `workloads[${index}].containers[${at}]`;
      const key = keyOf({ ...workload, workload: workload.name, container: container.name });
      const earlier = entries.get(key);
      if (earlier !== undefined && earlier.apiVersion === apiVersion)
        return { problem: `${earlier.place} and ${place} are both ${titleOf(workload, container)}` };
      // kinds of two groups that share a name cannot be told apart by the owners of Pods
      const usage = earlier === undefined ? usageOf(workload, container, ignored) : undefined;
      entries.set(key, { place, apiVersion, usage });
    }
  }
  return {
    source: typeof source === 'string' ? source : undefined,
    minimumSeconds: amountIn(minimumSeconds),
    of: (container) => entries.get(keyOf(container))?.usage,
    ignored,
  };
}

/** Without the proposals for containers that were watched for less than this. */
export function atLeast(seconds: number | undefined, measured: MeasuredContainers): MeasuredContainers {
  if (seconds === undefined) return measured;
  return {
    ...measured,
    minimumSeconds: Math.max(seconds, measured.minimumSeconds ?? 0),
    of(container) {
      const usage = measured.of(container);
      if (usage === undefined || (usage.watchedSeconds ?? 0) >= seconds) return usage;
      return { ...usage, proposed: {}, unproposed: usage.unproposed ?? 'too-short' };
    },
  };
}

function isWorkload(value: unknown): value is WrittenWorkload {
  const { namespace, kind, name, containers } = Object(value) as Partial<WrittenWorkload>;
  return (
    [namespace, kind, name].every((each) => typeof each === 'string') &&
    Array.isArray(containers) &&
    containers.every((each: unknown) => typeof Object(each).name === 'string')
  );
}

function usageOf(workload: WrittenWorkload, container: WrittenContainer, ignored: string[]): MeasuredUsage {
  const { proposed, unproposed, watchedSeconds, watchedPods, throttled, oomKilledPods, current } = container;
  const cpuLimit = current?.limits?.cpu;
  const usable = (['cpu', 'memory'] as const).flatMap((resource) => {
    const value = proposed?.requests?.[resource];
    if (value === undefined || value === null) return [];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && plausibleAmount(resource, text) !== undefined) return [[resource, text] as const];
    ignored.push(`${JSON.stringify(value)} as the ${resource} of ${titleOf(workload, container)}`);
    return [];
  });
  return {
    proposed: Object.fromEntries(usable),
    unproposed: reasons.find((reason) => reason === unproposed),
    watchedSeconds: amountIn(watchedSeconds),
    watchedPods: amountIn(watchedPods),
    throttled: amountIn(throttled),
    oomKilledPods: amountIn(oomKilledPods) ?? 0,
    cpuLimit: typeof cpuLimit === 'string' ? cpuLimit : undefined,
  };
}

const reasons: readonly Unproposed[] = ['unseen', 'too-short', 'incomplete'];

/** A finite number that is not negative. */
const amountIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;

const titleOf = ({ kind, namespace, name }: WrittenWorkload, container: WrittenContainer): string =>
  `container ${JSON.stringify(container.name)} of ${kind} ${namespace}/${name}`;

const keyOf = ({ namespace, kind, workload, container }: MeasuredContainer): string =>
  `${namespace}/${kind}/${workload}/${container}`;
