import type { Autoscaler, Neighbors } from '../../engine/neighbors.ts';
import type { RuleContext } from '../../engine/rule.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** Kinds with `spec.replicas`, 1 by default. */
const replicated: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
  'DeploymentConfig',
  'CloneSet',
]);

/**
 * The fewest replicas that the workload of a template has while all is well: its own, or the minimum of its autoscaler
 * if that is known. Undefined for a Pod and for a kind without replicas.
 */
export function replicasOf(
  { isTemplate, owner }: PodSubject,
  { neighbors }: Pick<RuleContext, 'neighbors'>,
): number | undefined {
  if (!isTemplate || owner === undefined || !replicated.has(owner.kind)) return undefined;
  return neighbors?.autoscalerOf?.(owner)?.minimum ?? owner.replicas ?? 1;
}

/** The autoscaler of the workload of a template, if it is known and the kind has replicas. */
export const autoscalerOf = (
  { isTemplate, owner }: PodSubject,
  neighbors: Neighbors | undefined,
): Autoscaler | undefined =>
  isTemplate && owner !== undefined && replicated.has(owner.kind) ? neighbors?.autoscalerOf?.(owner) : undefined;
