import { sameJson } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

/**
 * Whether an update of a Pod can change a verdict: as in Pod Security, a different image or number of containers.
 * Everything else, such as labels, finalizers and tolerations, must be admitted however bad the Pod is.
 */
export function isSignificantPodUpdate(before: PodSubject, after: PodSubject): boolean {
  const images = (subject: PodSubject) => subject.containers.map(({ role, name, spec }) => [role, name, spec.image]);
  return !sameJson(images(before), images(after));
}

/**
 * The ephemeral containers that the update adds. Compared by name because a strategic merge patch inserts new ones at
 * the front.
 */
export function newEphemeralContainers(before: PodSubject, after: PodSubject): ReadonlySet<string> {
  const known = new Set(ephemeralNames(before));
  return new Set(ephemeralNames(after).filter((name) => !known.has(name)));
}

const ephemeralNames = (subject: PodSubject): string[] =>
  subject.containers.filter(({ role }) => role === 'ephemeral').map(({ name }) => name);
