import type { PodSubject } from './pod-subject.ts';

/** Caches the function's result per subject, so that it runs once, however many rules need it. */
export function oncePerPod<T>(work: (pod: PodSubject) => T): (pod: PodSubject) => T {
  return (pod) => {
    const { facts } = pod;
    const known = facts.get(work);
    if (known !== undefined || facts.has(work)) return known as T;
    const fact = work(pod);
    facts.set(work, fact);
    return fact;
  };
}
