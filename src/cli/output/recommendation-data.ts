import type { Percentiles, Proposal, Recommendation, RecommendedContainer } from '../../audit/usage/index.ts';
import { shownCpu, shownMemory } from './used-amount.ts';

/** All recommendations, and how they were made. */
export interface Recommendations {
  readonly source: string;
  readonly percentiles: Percentiles;
  readonly headroom: number;
  readonly minimumSeconds: number;
  readonly workloads: readonly Recommendation[];
}

/** The recommendations for machines. The format is stable: members may be added, but are never removed or redefined. */
export const recommendationData = ({ source, percentiles, headroom, minimumSeconds, workloads }: Recommendations) => ({
  version: 1,
  source,
  cpuPercentile: percentiles.cpu,
  memoryPercentile: percentiles.memory,
  headroomPercent: headroom,
  minimumSeconds,
  workloads: workloads.map(workloadData),
});

const workloadData = ({ apiVersion, kind, namespace, name, pods, containers }: Recommendation) => ({
  apiVersion,
  kind,
  namespace,
  name,
  pods,
  containers: containers.map(containerData),
});

/** An unknown value is null. */
const containerData = (container: RecommendedContainer) => ({
  name: container.name,
  current: {
    requests: { cpu: container.requests['cpu'] ?? null, memory: container.requests['memory'] ?? null },
    limits: { cpu: container.limits['cpu'] ?? null, memory: container.limits['memory'] ?? null },
  },
  watchedSeconds: Math.floor(container.usage?.seconds ?? 0),
  watchedPods: container.usage?.pods ?? 0,
  used: {
    cpu: shownCpu(container.usage?.cpu) ?? null,
    memory: shownMemory(container.usage?.memory) ?? null,
    peakMemory: shownMemory(container.usage?.peakMemory) ?? null,
  },
  throttled: inTenThousandths(container.usage?.throttled) ?? null,
  oomKilledPods: container.oomKilledPods,
  ...('proposal' in container
    ? {
        proposed: resourcesOf(container.proposal),
        heldByCpuLimit: container.proposal.isHeldByCpuLimit,
        unproposed: null,
      }
    : { proposed: null, heldByCpuLimit: false, unproposed: container.unproposed }),
});

const inTenThousandths = (share: number | undefined): number | undefined =>
  share === undefined ? undefined : Math.round(share * 10_000) / 10_000;

/** The proposal as `resources` of a container. */
export const resourcesOf = ({ cpuRequest, memoryRequest, memoryLimit }: Proposal) => ({
  requests: { cpu: cpuRequest, memory: memoryRequest },
  limits: { memory: memoryLimit },
});
