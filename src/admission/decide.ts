import { OutOfTime } from '../engine/circumstances.ts';
import { policyIn } from '../engine/namespace-policy.ts';
import type { Decision, WebhookPath } from './decision.ts';
import { failedEvaluation, type Obstacle, unrepaired } from './failed-evaluation.ts';
import { mutate } from './mutate.ts';
import { requestNamespace } from './origin.ts';
import type { AdmissionRequest } from './review.ts';
import { type Reviewed, reviewed, unevaluated } from './reviewed.ts';
import { validatePod } from './validate-pod.ts';
import { validateWorkload } from './validate-workload.ts';
import type { World } from './world.ts';

/** The most containers that a Pod under evaluation may have. No node runs nearly as many in one Pod. */
export const maxContainers = 1_000;

/**
 * The answer to a request to `/mutate` or `/validate`. Requests outside the webhook's scope are admitted unchanged:
 * other kinds, other operations, subresources without a Pod, and objects being deleted. A request that is too large or
 * takes too long also gets a verdict, according to the mode of the policy.
 */
export function decide(path: WebhookPath, request: AdmissionRequest, given: World): Decision {
  const review = reviewed(path, request, given.policy.podTemplates);
  const world = { ...given, policy: policyIn(given.policy, requestNamespace(review, given)) };
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return unevaluated(review);
  if (review.isBeingDeleted) return unevaluated(review, 'the object is being deleted');
  const withheld = (obstacle: Obstacle): Decision =>
    path === 'mutate' ? unrepaired(request, obstacle) : failedEvaluation(path, request, world.policy.mode, obstacle);
  const containers = mostContainersIn(review);
  if (containers > maxContainers) {
    const message = `podwright evaluates Pods of at most ${maxContainers} containers, and this one has ${containers}`;
    return withheld({ code: 413, message });
  }
  try {
    return evaluated(path, review, world);
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    const message = 'podwright could not evaluate this in time; retry, and if it persists make the object smaller';
    return { ...withheld({ code: 504, message }), isLate: true };
  }
}

function evaluated(path: WebhookPath, review: Reviewed, world: World): Decision {
  world.checkTime?.();
  if (!review.isPod) return path === 'mutate' ? unevaluated(review) : validateWorkload(review, world);
  if (!['', 'ephemeralcontainers', 'resize'].includes(review.request.subResource)) return unevaluated(review);
  return path === 'mutate' ? mutate(review, world) : validatePod(review, world);
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Counts the Pods of the old and the new object before they are decoded. */
function mostContainersIn({ pods, oldPods }: Reviewed): number {
  let most = 0;
  for (const { source } of [...pods, ...oldPods]) {
    const spec = Object(source.pod.spec) as Readonly<Record<string, unknown>>;
    const lengths = containerLists.map((list) => (Array.isArray(spec[list]) ? spec[list].length : 0));
    most = Math.max(
      most,
      lengths.reduce((sum, length) => sum + length, 0),
    );
  }
  return most;
}
