import type { Circumstances } from '../engine/circumstances.ts';
import { beyondRepair, type Evaluation, evaluate } from '../engine/evaluate.ts';
import { existingFindings } from '../engine/existing-findings.ts';
import { onlyRecords } from '../engine/fate.ts';
import { type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { answer } from './answer.ts';
import type { Decision } from './decision.ts';
import { formerOriginOf, originOf } from './origin.ts';
import { isBuiltInController, isMirrorPod } from './requester.ts';
import { displayed, type Reviewed, unevaluated } from './reviewed.ts';
import { isSignificantPodUpdate, newEphemeralContainers } from './significance.ts';
import type { World } from './world.ts';

const unrepaired = '; the mutating webhook did not repair it';

/** Evaluates the Pod as it will be stored. Of an update, only the new findings count, by the rules that apply to it. */
export function validatePod(review: Reviewed, world: World): Decision {
  const { request, pods, oldPods } = review;
  const [pod] = pods;
  if (pod === undefined) return unevaluated(review);
  const answered = (evaluation: Evaluation | undefined, note?: string): Decision =>
    evaluation === undefined
      ? unevaluated(review)
      : answer(review, world, [{ object: displayed(review, { podPath: '' }), evaluation }], note);
  const circumstances: Circumstances = {
    minor: world.minor,
    byController: isBuiltInController(request.userInfo) && review.controller !== undefined,
    origin: originOf(review, world),
    final: true,
    checkTime: world.checkTime,
  };
  if (request.operation !== 'CREATE') {
    const before = oldPods[0]?.source ?? { pod: {} };
    return answered(evaluateUpdate(review, world, before, asAuthored(pod.source), circumstances));
  }
  if (!isMirrorPod(review.metadata, request.userInfo)) return answered(evaluateNew(pod.source, world, circumstances));
  const note = `it mirrors a static Pod; its manifest is on the node of ${request.userInfo.username}`;
  return answered(evaluate(pod.source, world.policy, { ...circumstances, ceiling: 'audit' }), note);
}

/** Undefined for an update that cannot change a verdict. */
function evaluateUpdate(
  review: Reviewed,
  world: World,
  before: SubjectSource,
  after: SubjectSource,
  circumstances: Circumstances,
): Evaluation | undefined {
  const { subResource } = review.request;
  if (subResource === 'ephemeralcontainers') {
    const added = newEphemeralContainers(subjectOf(before), subjectOf(after));
    return added.size === 0
      ? undefined
      : evaluateNew({ ...after, newEphemeralContainers: added }, world, circumstances);
  }
  const isResize = subResource === 'resize';
  if (!isResize && !isSignificantPodUpdate(subjectOf(before), subjectOf(after))) return undefined;
  const origin = formerOriginOf(review, world);
  const existing = existingFindings(before, world.policy, { ...circumstances, origin });
  return evaluate(after, world.policy, { ...circumstances, existing, ...(isResize && { group: 'resources' }) });
}

/** The Pod without the node that it is bound to: the scheduler chose it, and no update can change it. */
function asAuthored(source: SubjectSource): SubjectSource {
  const { pod } = source;
  if (typeof pod.spec !== 'object' || pod.spec === null || !('nodeName' in pod.spec)) return source;
  return { ...source, pod: { ...pod, spec: { ...pod.spec, nodeName: undefined } } };
}

/**
 * A new Pod has already been through mutation unless every rule is in mode `audit`. In that case nothing was repaired,
 * and the evaluation reports what would have been.
 */
function evaluateNew(source: SubjectSource, { policy }: World, circumstances: Circumstances): Evaluation {
  if (onlyRecords(policy)) return evaluate(source, policy, { ...circumstances, lifted: true, final: false });
  const evaluation = evaluate(source, policy, circumstances);
  if (!evaluation.findings.some(({ repairable }) => repairable)) return evaluation;
  const reason = evaluation.isBeyondRepair ? `; ${beyondRepair}` : unrepaired;
  const findings = evaluation.findings.map((finding) =>
    finding.repairable ? { ...finding, message: `${finding.message}${reason}` } : finding,
  );
  return { ...evaluation, findings };
}
