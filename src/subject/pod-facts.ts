import type { PodSubject } from './pod-subject.ts';

/** What was worked out of a subject, by the function that did. */
export type PodFacts = Map<(pod: PodSubject) => unknown, unknown>;

/** The function, worked out once for each subject, however many rules ask. */
export function oncePerPod<T>(work: (pod: PodSubject) => T): (pod: PodSubject) => T {
  return (pod) => {
    const { facts } = pod;
    if (facts.has(work)) return facts.get(work) as T;
    const fact = work(pod);
    facts.set(work, fact);
    return fact;
  };
}
