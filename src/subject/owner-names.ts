import type { Owner } from './pod-subject.ts';
import type { PodMetadata } from './pod-types.ts';

/** What a ReplicaSet's owner appends to its name, and labels its Pods with. */
const hashLabels = { Deployment: 'pod-template-hash', Rollout: 'rollouts-pod-template-hash' } as const;

/**
 * The names that the top owner of an object goes by, `Kind/name`, as far as the object itself tells: a ReplicaSet named
 * after its template's hash counts as its Deployment, a Job with a number at its end as its CronJob as well.
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
