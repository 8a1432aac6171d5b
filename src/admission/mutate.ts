import type { Circumstances } from '../engine/circumstances.ts';
import { beyondRepair, type EvaluatedFinding, evaluate } from '../engine/evaluate.ts';
import type { Policy } from '../engine/policy.ts';
import type { PatchOperation } from '../patch/json-patch.ts';
import { type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { ruleList } from './answer.ts';
import type { Decision } from './decision.ts';
import { originOf } from './origin.ts';
import { isBuiltInController, isMirrorPod } from './requester.ts';
import type { AdmissionResponse } from './review.ts';
import { type Reviewed, unevaluated } from './reviewed.ts';
import { newEphemeralContainers } from './significance.ts';
import type { World } from './world.ts';

const maxPatchAnnotation = 1000;

/**
 * Repairs a Pod on creation, or the ephemeral containers that an update adds; no other part of a Pod can still be
 * changed. Always admits: remaining findings are left to `/validate`. Findings of rules in mode `audit` are not
 * repaired; the patch that they would get is recorded.
 */
export function mutate(review: Reviewed, world: World): Decision {
  const { policy, minor } = world;
  const source = repairableSource(review);
  if (source === undefined || policy.mode === 'off') return unevaluated(review);
  const { userInfo, uid } = review.request;
  if (isMirrorPod(review.metadata, userInfo))
    return unevaluated(review, `it mirrors a static Pod of ${userInfo.username}; repair its manifest on the node`);
  const byController = isBuiltInController(userInfo) && review.controller !== undefined;
  const circumstances: Circumstances = {
    minor,
    byController,
    origin: originOf(review, world),
    repairsOnly: true,
    checkTime: world.checkTime,
  };
  const { patch, fixedRules, findings, failures, rejectedPatch, isBeyondRepair } = evaluate(
    source,
    policy,
    circumstances,
  );
  const unpatched = {
    ...unevaluated(review),
    ...(isBeyondRepair && { note: `it is not repaired: ${beyondRepair}` }),
    failures,
    rejectedPatch,
    ...wouldBePatch(source, policy, circumstances, findings),
  };
  const annotations = {
    ...(patch.length > 0 && { fixed: ruleList(fixedRules) }),
    ...(unpatched.wouldPatch !== undefined && { patch: unpatched.wouldPatch }),
  };
  if (patch.length === 0 && unpatched.wouldPatch === undefined) return unpatched;
  if (patch.length === 0) return { ...unpatched, response: { uid, allowed: true, auditAnnotations: annotations } };
  return {
    ...unpatched,
    findings: findings.filter(({ fixed }) => fixed),
    fixedRules,
    patchOperations: patch.length,
    response: { uid, allowed: true, ...encoded(patch), auditAnnotations: annotations },
  };
}

/** The abridged patch with the fixes of rules in mode `audit`; empty if there are none. */
function wouldBePatch(
  source: SubjectSource,
  policy: Policy,
  circumstances: Circumstances,
  findings: readonly EvaluatedFinding[],
): Pick<Decision, 'wouldPatch'> {
  const audited = new Set(findings.filter(({ mode }) => mode === 'audit').map(({ rule }) => rule));
  if (!policy.rules.some(({ rule, fix }) => fix && audited.has(rule))) return {};
  const { patch } = evaluate(source, policy, { ...circumstances, recording: true });
  return patch.length === 0 ? {} : { wouldPatch: abridged(patch) };
}

/** The part of the Pod that a patch can still change; undefined if there is none. */
function repairableSource({ request, pods: [pod], oldPods: [before] }: Reviewed): SubjectSource | undefined {
  if (pod === undefined) return undefined;
  if (request.operation === 'CREATE') return request.subResource === '' ? pod.source : undefined;
  if (request.subResource !== 'ephemeralcontainers') return undefined;
  const added = newEphemeralContainers(subjectOf(before?.source ?? { pod: {} }), subjectOf(pod.source));
  return added.size === 0 ? undefined : { ...pod.source, newEphemeralContainers: added };
}

const encoded = (patch: readonly PatchOperation[]): Pick<AdmissionResponse, 'patchType' | 'patch'> => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
});

/** As many operations as fit into an annotation, and the number of those that do not. */
function abridged(patch: readonly PatchOperation[]): string {
  const shown: PatchOperation[] = [];
  for (const operation of patch) {
    if (JSON.stringify([...shown, operation]).length > maxPatchAnnotation) break;
    shown.push(operation);
  }
  const left = patch.length - shown.length;
  return left === 0 ? JSON.stringify(shown) : `${JSON.stringify(shown)} +${left} operations`;
}
