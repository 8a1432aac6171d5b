import type { PodSubject } from './pod-subject.ts';

/** The function, worked out once for each subject, however many rules ask. */
export function oncePerPod<T>(work: (pod: PodSubject) => T): (pod: PodSubject) => T {
  const known = new WeakMap<PodSubject, { readonly fact: T }>();
  return (pod) => {
    let entry = known.get(pod);
    if (entry === undefined) known.set(pod, (entry = { fact: work(pod) }));
    return entry.fact;
  };
}
