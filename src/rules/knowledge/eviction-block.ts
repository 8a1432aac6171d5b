import { counted } from '../../engine/counted.ts';
import type { Budget } from '../../engine/neighbors.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** The fewest replicas of a workload, and whether an autoscaler adds more. */
interface Scale {
  readonly replicas: number;
  readonly isScaled: boolean;
}

/** How a budget blocks evictions while all replicas are ready, and the remedy; undefined if it allows some. */
export function evictionBlock(budget: Budget, pod: PodSubject, { replicas, isScaled }: Scale): string | undefined {
  const selected = replicas + podsOfOthers(budget, pod);
  if (!blocksEvictions(budget, selected)) return undefined;
  const remedy = !isScaled && selected === 1 ? 'delete it' : 'set maxUnavailable: 1';
  return isScaled && !blocksEvictions(budget, manyReplicas)
    ? `allows no eviction at the minimum of ${counted(replicas, 'replica')}; ${remedy}`
    : `never allows an eviction; ${remedy}`;
}

/** More than any minimum of a budget. */
const manyReplicas = 2 ** 40;

/** The Pods of other workloads that share the budget. Its controller counts the present replicas, not the fewest. */
const podsOfOthers = ({ expectedPods = 0 }: Budget, { owner }: PodSubject): number =>
  Math.max(0, expectedPods - (owner?.replicas ?? 1));

/** Whether no replica may be missing. Percentages are rounded up, as by the controller of budgets. */
function blocksEvictions({ minAvailable, maxUnavailable }: Budget, replicas: number): boolean {
  if (maxUnavailable !== undefined) return scaled(maxUnavailable, replicas) === 0;
  // a budget with neither expects no Pods, and allows nothing
  return minAvailable === undefined || scaled(minAvailable, replicas) >= replicas;
}

const scaled = (value: number | string, replicas: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * replicas) / 100);
