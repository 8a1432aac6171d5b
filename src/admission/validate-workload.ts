import type { Circumstances } from '../engine/circumstances.ts';
import { evaluate } from '../engine/evaluate.ts';
import { existingFindings } from '../engine/existing-findings.ts';
import { onlyRecords } from '../engine/fate.ts';
import { type Policy, weaker } from '../engine/policy.ts';
import { sameJson } from '../patch/edits.ts';
import { namedPath } from '../patch/named-path.ts';
import { metadataOf } from '../subject/pod-metadata.ts';
import type { SubjectSource } from '../subject/pod-subject.ts';
import { answer } from './answer.ts';
import type { Decision } from './decision.ts';
import { formerOriginOf, originOf } from './origin.ts';
import { mayNameOwners } from './requester.ts';
import { displayed, type Reviewed, unevaluated } from './reviewed.ts';
import type { World } from './world.ts';

/**
 * Evaluates the templates of a workload as the Pods that they become, including enabled fixes. Updates that do not
 * change the template are ignored. Findings in objects that a controller creates are only recorded: the author
 * wrote the outer object and was already warned.
 */
export function validateWorkload(review: Reviewed, world: World): Decision {
  const { object, oldObject } = review.request;
  const former = new Map(review.oldPods.map((pod) => [namedPath(oldObject, pod.podPath), pod]));
  const changed = review.pods
    .map((pod) => ({ ...pod, before: former.get(namedPath(object, pod.podPath)) }))
    .filter(({ source, before }) => before === undefined || !sameJson(shapeOf(source), shapeOf(before.source)));
  if (changed.length === 0) return unevaluated(review);
  const base: Circumstances = {
    minor: world.minor,
    ceiling: isManaged(review, world) ? 'audit' : 'enforce',
    lifted: onlyRecords(world.policy),
    origin: originOf(review, world),
    checkTime: world.checkTime,
  };
  const completed = (source: SubjectSource): SubjectSource => ({ ...source, limitDefaults: world.limitDefaults ?? [] });
  const beforehand: Circumstances = { ...base, origin: formerOriginOf(review, world) };
  const pods = changed.map(({ source, before, ...location }) => {
    const policies = policiesFor(
      world.policy,
      before !== undefined && sameJson(source.pod.spec, before.source.pod.spec),
    );
    const existing = before && existingFindings(completed(before.source), policies.former, beforehand);
    return {
      object: displayed(review, location),
      evaluation: evaluate(completed(source), policies.now, { ...base, ...(existing && { existing }) }),
    };
  });
  return answer(review, world, pods);
}

/** All that Pods get from their template; every rollout changes some of it. */
function shapeOf({ pod }: SubjectSource): readonly unknown[] {
  const { labels = {}, annotations = {} } = metadataOf(pod);
  return [labels, annotations, pod.spec];
}

/**
 * The policies for the new and the old object. While the spec stays, as in `kubectl rollout restart`, existing findings
 * are only recorded, even those that an exemption covered.
 */
function policiesFor(policy: Policy, isSteady: boolean): { readonly now: Policy; readonly former: Policy } {
  if (!isSteady) return { now: policy, former: policy };
  return {
    now: { ...policy, existing: weaker(policy.existing, 'audit') },
    former: { ...policy, exemptions: [] },
  };
}

/** A requester that references a controller without being one counts as the author, such as `kubectl create job --from`. */
const isManaged = ({ controller, request }: Reviewed, { policy }: World): boolean =>
  controller !== undefined && mayNameOwners(request.userInfo, policy);
