import type { Pointer } from '../patch/pointer.ts';
import { matchesLabelSelector } from './label-selector.ts';
import type { PodSubject } from './pod-subject.ts';

/** How a Pod is kept apart from the other replicas of its workload. */
export interface Spread {
  /** A topology spread constraint or an anti-affinity, required or preferred, selects the Pod's own labels. */
  readonly isSpread: boolean;
  /** The selectors of those that do not. */
  readonly misses: readonly Pointer[];
}

/** How a Pod is kept apart from the other replicas of its workload. */
export function spreadOf({ spec, metadata: { labels = {} }, at }: PodSubject): Spread {
  const anti = ['affinity', 'podAntiAffinity'] as const;
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const terms = [
    ...(spec.topologySpreadConstraints ?? []).map(({ labelSelector }, index) => ({
      labelSelector,
      path: at('topologySpreadConstraints', index, 'labelSelector'),
    })),
    ...(spec.affinity?.podAntiAffinity?.[required] ?? []).map(({ labelSelector }, index) => ({
      labelSelector,
      path: at(...anti, required, index, 'labelSelector'),
    })),
    ...(spec.affinity?.podAntiAffinity?.[preferred] ?? []).map(({ podAffinityTerm }, index) => ({
      labelSelector: podAffinityTerm?.labelSelector,
      path: at(...anti, preferred, index, 'podAffinityTerm', 'labelSelector'),
    })),
  ];
  // no selector selects no Pods, an empty one selects all
  const misses = terms.filter(
    ({ labelSelector }) => labelSelector === undefined || !matchesLabelSelector(labelSelector, labels),
  );
  return { isSpread: misses.length < terms.length, misses: misses.map(({ path }) => path) };
}
