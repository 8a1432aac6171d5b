import type { Owner } from './pod-subject.ts';
import type { PodMetadata } from './pod-types.ts';

/** The suffix that a ReplicaSet's owner appends to its name, also a label of its Pods. */
const hashLabels = { Deployment: 'pod-template-hash', Rollout: 'rollouts-pod-template-hash' } as const;

/**
 * The possible names of an object's top-level owner, `Kind/name`, as far as the object shows: a ReplicaSet named after
 * its template's hash counts as its Deployment, and a Job with a number at its end also as its CronJob.
 */
export function ownerNames({ kind, name }: Owner, { labels = {} }: PodMetadata): string[] {
  const own = `${kind}/${name}`;
  if (kind === 'Job') {
    const cronJob = /^(.+)-\d+$/.exec(name)?.[1];
    return cronJob === undefined ? [own] : [own, `CronJob/${cronJob}`];
  }
  if (kind !== 'ReplicaSet') return [own];
  for (const [outer, label] of Object.entries(hashLabels)) {
    const suffix = `-${labels[label]}`;
    if (labels[label] !== undefined && name.endsWith(suffix) && name.length > suffix.length)
      return [`${outer}/${name.slice(0, -suffix.length)}`];
  }
  return [own];
}
