import { type Labels, policyIn } from '../engine/namespace-policy.ts';
import type { Policy } from '../engine/policy.ts';
import type { LimitDefaults } from '../subject/limit-range.ts';
import type { Decision } from './decision.ts';
import { mutate } from './mutate.ts';
import { namespaceOf } from './origin.ts';
import type { AdmissionRequest } from './review.ts';
import { reviewed, unjudged } from './reviewed.ts';
import { validatePod } from './validate-pod.ts';
import { validateWorkload } from './validate-workload.ts';

/** What a decision depends on besides the request. */
export interface World {
  readonly policy: Policy;
  /** The cluster's Kubernetes minor version; undefined while it is not known. */
  readonly minor: number | undefined;
  /** Milliseconds since 1970. Absent: exemptions that ever expire do not hold. */
  readonly now?: number;
  /** The labels of the request's namespace; undefined while they are not known. */
  readonly namespaceLabels?: Labels | undefined;
  /** What the LimitRanges of the namespace give new Pods. */
  readonly limitDefaults?: readonly LimitDefaults[];
}

/**
 * The answer to a request of `/mutate` or `/validate`. Every request that the webhook has no business with is allowed
 * untouched: other kinds, other operations, subresources that carry no Pod, and whatever is being deleted.
 */
export function decide(path: 'mutate' | 'validate', request: AdmissionRequest, given: World): Decision {
  const review = reviewed(path, request, given.policy.podTemplates);
  const world = { ...given, policy: policyIn(given.policy, namespaceOf(review, given)) };
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return unjudged(review);
  if (review.isBeingDeleted) return unjudged(review, 'the object is being deleted');
  if (!review.isPod) return path === 'mutate' ? unjudged(review) : validateWorkload(review, world);
  if (!['', 'ephemeralcontainers', 'resize'].includes(request.subResource)) return unjudged(review);
  return path === 'mutate' ? mutate(review, world) : validatePod(review, world);
}
