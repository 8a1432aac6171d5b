import type { PodSubject } from './pod-subject.ts';

/** Caches the function's result per subject, so that it runs once, however many rules need it. */
export function oncePerPod<T>(work: (pod: PodSubject) => T): (pod: PodSubject) => T {
  return (pod) => {
    const { facts } = pod;
    if (facts.has(work)) return facts.get(work) as T;
    const fact = work(pod);
    facts.set(work, fact);
    return fact;
  };
}
