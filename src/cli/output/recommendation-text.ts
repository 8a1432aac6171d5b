import type { Recommendation, RecommendedContainer, SharedUsage } from '../../audit/usage/index.ts';
import { durationText } from './duration-text.ts';
import { counted, printable, table } from './layout.ts';
import type { Recommendations } from './recommendation-data.ts';
import { doubtsOf, reasonOf } from './usage-basis.ts';
import { shownCpu, shownMemory } from './used-amount.ts';

/** The recommendations for people: a line per container. */
export function recommendationText(all: Recommendations): string {
  const { workloads, source } = all;
  if (workloads.length === 0) return 'There are no workloads.';
  const heading = ['WORKLOAD', 'CONTAINER', 'CPU', 'MEMORY', 'MEMORY LIMIT', 'BASIS'];
  const rows = workloads.flatMap((workload) => rowsOf(workload, all)).map((row) => row.map(printable));
  return [...table([heading, ...rows]), '', summaryOf(workloads), methodOf(all), `source: ${source}`].join('\n');
}

function rowsOf({ kind, namespace, name, containers }: Recommendation, all: Recommendations): string[][] {
  return containers.map((container, index) => {
    const { requests, limits } = container;
    const proposal = 'proposal' in container ? container.proposal : undefined;
    return [
      index === 0 ? `${kind} ${namespace}/${name}` : '',
      container.name,
      change(requests['cpu'], proposal?.cpuRequest),
      change(requests['memory'], proposal?.memoryRequest),
      change(limits['memory'], proposal?.memoryLimit),
      basisOf(container, all),
    ];
  });
}

function change(now: string | undefined, proposed: string | undefined): string {
  return proposed === undefined || proposed === now ? (now ?? 'none') : `${now ?? 'none'} → ${proposed}`;
}

function basisOf(container: RecommendedContainer, { minimumSeconds }: Recommendations): string {
  const { usage, limits, oomKilledPods } = container;
  const isHeld = 'proposal' in container && container.proposal.isHeldByCpuLimit;
  // a container that was never seen was not throttled either, as far as is known
  const cpuLimit = usage === undefined ? undefined : limits['cpu'];
  return [
    ...(usage === undefined ? [] : [usedText(usage)]),
    ...doubtsOf({ throttled: usage?.throttled, oomKilledPods }, cpuLimit),
    ...(isHeld ? ['cpu is held at its limit'] : []),
    ...('unproposed' in container ? [`nothing proposed: ${reasonOf(container.unproposed, minimumSeconds)}`] : []),
  ].join('; ');
}

/** `7d, 2 Pods: 300m cpu, 300Mi memory`. */
function usedText({ seconds, pods, cpu, memory }: SharedUsage): string {
  const used = `${shownCpu(cpu) ?? 'unknown'} cpu, ${shownMemory(memory) ?? 'unknown'} memory`;
  return `${durationText(seconds)}, ${counted(pods, 'Pod')}: ${used}`;
}

function summaryOf(workloads: readonly Recommendation[]): string {
  const containers = workloads.flatMap((workload) => workload.containers);
  const proposed = containers.filter((container) => 'proposal' in container);
  const short = containers.filter((each) => 'unproposed' in each && each.unproposed === 'too-short');
  const advice = short.length === 0 ? '' : `; ${short.length} watched for too short a time (--minimum-time)`;
  return `${proposed.length} of ${counted(containers.length, 'container')} in ${counted(workloads.length, 'workload')} have a proposal${advice}`;
}

function methodOf({ percentiles, headroom }: Recommendations): string {
  const measures = `cpu: ${measure(percentiles.cpu)}, memory: ${measure(percentiles.memory)}, memory limit: maximum`;
  return `${measures}; each of the Pod that uses most, plus ${headroom}%`;
}

const measure = (percentile: number): string => (percentile === 100 ? 'maximum' : `percentile ${percentile}`);
