import { type Pointer, valueAt } from '../patch/pointer.ts';
import { type LabelSelector, matchesLabelSelector } from './label-selector.ts';
import type { PodSubject } from './pod-subject.ts';

/** How a Pod is kept apart from the other replicas of its workload. */
export interface Spread {
  /** A topology spread constraint or an anti-affinity, required or preferred, selects the Pod's own labels. */
  readonly isSpread: boolean;
  /** The selectors of the constraints and terms that do not. */
  readonly misses: readonly Pointer[];
}

/** Which constraints of a Pod spread the replicas of its workload, and which miss them. */
export function spreadOf({ spec, metadata: { labels = {} }, owner, at }: PodSubject): Spread {
  const anti = ['affinity', 'podAntiAffinity'] as const;
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const namespace = valueAt(owner?.object, '/metadata/namespace');
  const terms: { readonly term: Term; readonly path: Pointer }[] = [
    ...(spec.topologySpreadConstraints ?? []).map(({ labelSelector }, index) => ({
      term: { labelSelector },
      path: at('topologySpreadConstraints', index, 'labelSelector'),
    })),
    ...(spec.affinity?.podAntiAffinity?.[required] ?? []).map((term, index) => ({
      term,
      path: at(...anti, required, index, 'labelSelector'),
    })),
    ...(spec.affinity?.podAntiAffinity?.[preferred] ?? []).map(({ podAffinityTerm }, index) => ({
      // a copy, because an invalid Pod may lack the term
      term: { ...podAffinityTerm },
      path: at(...anti, preferred, index, 'podAffinityTerm', 'labelSelector'),
    })),
  ];
  const misses = terms.filter(({ term }) => !selects(term, labels, namespace));
  return { isSpread: misses.length < terms.length, misses: misses.map(({ path }) => path) };
}

/** The part of a constraint or a term that selects Pods. */
interface Term {
  readonly labelSelector?: LabelSelector | undefined;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly mismatchLabelKeys?: readonly string[];
}

/** Whether it selects other Pods with these labels in the same namespace, as far as that is known. */
function selects(term: Term, labels: Readonly<Record<string, string>>, namespace: unknown): boolean {
  const { labelSelector, namespaces = [], namespaceSelector, mismatchLabelKeys = [] } = term;
  // no selector selects no Pods, an empty one selects all
  if (labelSelector === undefined || !matchesLabelSelector(labelSelector, labels)) return false;
  if (mismatchLabelKeys.some((key) => Object.hasOwn(labels, key))) return false;
  const isElsewhere = namespaces.length > 0 && typeof namespace === 'string' && !namespaces.includes(namespace);
  return !isElsewhere || namespaceSelector !== undefined;
}
