import { sameJson } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

/**
 * Whether an update of a Pod can change a verdict: another image or another number of containers, as Pod Security
 * decides it. All else, such as labels, finalizers and tolerations, must pass however bad the Pod is.
 */
export function isSignificantPodUpdate(before: PodSubject, after: PodSubject): boolean {
  const images = (subject: PodSubject) => subject.containers.map(({ role, name, spec }) => [role, name, spec.image]);
  return !sameJson(images(before), images(after));
}

/** The ephemeral containers that the update adds. By name: a strategic merge patch puts new ones first. */
export function newEphemeralContainers(before: PodSubject, after: PodSubject): ReadonlySet<string> {
  const known = new Set(ephemeralNames(before));
  return new Set(ephemeralNames(after).filter((name) => !known.has(name)));
}

const ephemeralNames = (subject: PodSubject): string[] =>
  subject.containers.filter(({ role }) => role === 'ephemeral').map(({ name }) => name);
