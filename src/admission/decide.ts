import { OutOfTime } from '../engine/circumstances.ts';
import { type Labels, policyIn } from '../engine/namespace-policy.ts';
import type { Policy } from '../engine/policy.ts';
import type { LimitDefaults } from '../subject/limit-range.ts';
import type { Decision } from './decision.ts';
import { mutate } from './mutate.ts';
import { namespaceOf } from './origin.ts';
import type { AdmissionRequest } from './review.ts';
import { type Reviewed, reviewed, unjudged } from './reviewed.ts';
import { type Obstacle, unjudgeable, unrepaired, type WebhookPath } from './unjudgeable.ts';
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
  /** Throws `OutOfTime` when the time for judging is over. */
  readonly checkTime?: () => void;
}

/**
 * How many containers a Pod may have to be judged. The kubelet cannot even report the state of that many: each takes some
 * 300 bytes of an object of which etcd stores 1.5 MiB.
 */
const maxContainers = 5_000;

/**
 * The answer to a request of `/mutate` or `/validate`. Every request that the webhook has no business with is allowed
 * untouched: other kinds, other operations, subresources that carry no Pod, and whatever is being deleted. What takes
 * too long or is too much is a verdict as well, by the mode of the policy.
 */
export function decide(path: WebhookPath, request: AdmissionRequest, given: World): Decision {
  const review = reviewed(path, request, given.policy.podTemplates);
  const world = { ...given, policy: policyIn(given.policy, namespaceOf(review, given)) };
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return unjudged(review);
  if (review.isBeingDeleted) return unjudged(review, 'the object is being deleted');
  const withheld = (obstacle: Obstacle): Decision =>
    path === 'mutate' ? unrepaired(request, obstacle) : unjudgeable(path, request, world.policy.mode, obstacle);
  const containers = mostContainersIn(review);
  if (containers > maxContainers) {
    const message = `podwright judges Pods of at most ${maxContainers} containers, and this one has ${containers}`;
    return withheld({ code: 413, message });
  }
  try {
    return judged(path, review, world);
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    const message = 'podwright could not judge this in time; try again, and if it persists make the object smaller';
    return { ...withheld({ code: 504, message }), isLate: true };
  }
}

function judged(path: WebhookPath, review: Reviewed, world: World): Decision {
  world.checkTime?.();
  if (!review.isPod) return path === 'mutate' ? unjudged(review) : validateWorkload(review, world);
  if (!['', 'ephemeralcontainers', 'resize'].includes(review.request.subResource)) return unjudged(review);
  return path === 'mutate' ? mutate(review, world) : validatePod(review, world);
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** Of all Pods in the old object and the new one, before anything is made of them. */
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
