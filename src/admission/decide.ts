import type { Policy } from '../engine/policy.ts';
import type { Decision } from './decision.ts';
import { mutate } from './mutate.ts';
import type { AdmissionRequest } from './review.ts';
import { reviewed, unjudged } from './reviewed.ts';
import { validatePod } from './validate-pod.ts';
import { validateWorkload } from './validate-workload.ts';

/** What a decision depends on besides the request. */
export interface World {
  readonly policy: Policy;
  /** The cluster's Kubernetes minor version; undefined while it is not known. */
  readonly minor: number | undefined;
}

/**
 * The answer to a request of `/mutate` or `/validate`. Every request that the webhook has no business with is allowed
 * untouched: other kinds, other operations, subresources that carry no Pod, and whatever is being deleted.
 */
export function decide(path: 'mutate' | 'validate', request: AdmissionRequest, world: World): Decision {
  const review = reviewed(path, request);
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return unjudged(review);
  if (review.isBeingDeleted) return unjudged(review, 'the object is being deleted');
  if (!review.isPod) return path === 'mutate' ? unjudged(review) : validateWorkload(review, world);
  if (!['', 'ephemeralcontainers', 'resize'].includes(request.subResource)) return unjudged(review);
  return path === 'mutate' ? mutate(review, world) : validatePod(review, world);
}
