import type { Recommendation, RecommendedContainer } from '../../audit/usage/index.ts';
import { printCompactYaml } from '../../yaml/print.ts';
import { durationText } from './duration-text.ts';
import { counted, printable } from './layout.ts';
import type { Recommendations } from './recommendation-data.ts';
import { doubtsOf } from './usage-basis.ts';

/**
 * The proposals as a policy, whose fixes set them in the Pods of the workloads, with their bases. Containers
 * that have a request are included: under this policy, every container gets one.
 */
export function recommendationPolicy(all: Recommendations): string {
  const entries = (of: 'cpuRequest' | 'memoryRequest'): string[] =>
    all.workloads.flatMap((workload) => workload.containers.flatMap((container) => linesOf(workload, container, of)));
  const [cpu, memory] = [entries('cpuRequest'), entries('memoryRequest')];
  if (cpu.length === 0) return '# nothing is proposed';
  return [
    ...headOf(all).map((line) => `# ${printable(line)}`),
    'apiVersion: podwright.dev/v1alpha1',
    'kind: Policy',
    'rules:',
    ...ruleLines('require-cpu-request', cpu),
    ...ruleLines('require-memory-request', memory),
  ].join('\n');
}

const headOf = ({ source, percentiles, headroom }: Recommendations): string[] => [
  `Requests by usage: ${source}; cpu: percentile ${percentiles.cpu}, memory: percentile ${percentiles.memory}, plus ${headroom}%.`,
  'Review them, and copy rules into the policy: the fixes set them in containers without a request.',
];

const ruleLines = (rule: string, entries: readonly string[]): string[] => [
  `  ${rule}:`,
  '    fix: true',
  '    options:',
  '      defaults:',
  ...entries,
];

function linesOf(
  { namespace, kind, name }: Recommendation,
  container: RecommendedContainer,
  of: 'cpuRequest' | 'memoryRequest',
): string[] {
  if (!('proposal' in container)) return [];
  const entry = {
    workloads: [`${namespace}/${kind}/${name}`],
    container: container.name,
    value: container.proposal[of],
  };
  const [first = '', ...others] = printCompactYaml([entry]).trimEnd().split('\n');
  return [`${first} # ${printable(basisOf(container))}`, ...others].map((line) => `      ${line}`);
}

/** `watched 7d, 3 Pods; throttled in 12% of periods`. */
function basisOf({ usage, limits, oomKilledPods, ...container }: RecommendedContainer): string {
  const isHeld = 'proposal' in container && container.proposal.isHeldByCpuLimit;
  return [
    `watched ${durationText(usage?.seconds ?? 0)}, ${counted(usage?.pods ?? 0, 'Pod')}`,
    ...doubtsOf({ throttled: usage?.throttled, oomKilledPods }, limits['cpu']),
    ...(isHeld ? ['cpu is held at its limit'] : []),
  ].join('; ');
}
