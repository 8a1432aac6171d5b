import { plausibleAmount } from './ignored-samples.ts';
import { cpuQuantity, memoryQuantity } from './rounded-quantity.ts';
import type { WorkloadContainer, WorkloadUsage } from './workload-usage.ts';

export interface RecommendOptions {
  /** The headroom above the usage, in percent. */
  readonly headroom: number;
  /** Containers that were watched for less time get no proposal. */
  readonly minimumSeconds: number;
}

/** Quantities in the notation of Kubernetes. */
export interface Proposal {
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  /** The CPU request would be larger, but cannot exceed the CPU limit. */
  readonly isHeldByCpuLimit: boolean;
}

/** Why there is no proposal: it was never seen, not for long enough, or one of the metrics is missing. */
export type Unproposed = 'unseen' | 'too-short' | 'incomplete';

type Proposed = { readonly proposal: Proposal } | { readonly unproposed: Unproposed };

export type RecommendedContainer = WorkloadContainer & Proposed;

/** A workload with proposals for its containers. */
export interface Recommendation extends Omit<WorkloadUsage, 'containers'> {
  readonly containers: readonly RecommendedContainer[];
}

/** Proposes requests and memory limits for the containers of a workload. */
export function recommend(workload: WorkloadUsage, options: RecommendOptions): Recommendation {
  return {
    ...workload,
    containers: workload.containers.map((container) => ({ ...container, ...proposedFor(container, options) })),
  };
}

function proposedFor(
  { usage, limits, oomKilledPods }: WorkloadContainer,
  { headroom, minimumSeconds }: RecommendOptions,
): Proposed {
  if (usage === undefined) return { unproposed: 'unseen' };
  if (usage.seconds < minimumSeconds) return { unproposed: 'too-short' };
  const { cpu, memory, peakMemory } = usage;
  if (cpu === undefined || memory === undefined || peakMemory === undefined) return { unproposed: 'incomplete' };
  const factor = 1 + headroom / 100;
  // a container that was killed needed more than its limit, which no reading shows
  const least = oomKilledPods > 0 ? (plausibleAmount('memory', limits['memory']) ?? 0) : 0;
  const wanted = cpuQuantity(cpu * factor);
  const cpuLimit = plausibleAmount('cpu', limits['cpu']);
  const isHeldByCpuLimit = cpuLimit !== undefined && (plausibleAmount('cpu', wanted) ?? 0) > cpuLimit;
  return {
    proposal: {
      cpuRequest: isHeldByCpuLimit ? (limits['cpu'] ?? wanted) : wanted,
      memoryRequest: memoryQuantity(Math.max(memory, least) * factor),
      memoryLimit: memoryQuantity(Math.max(peakMemory, least) * factor),
      isHeldByCpuLimit,
    },
  };
}
