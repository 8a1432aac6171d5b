import { evaluate } from '../engine/evaluate.ts';
import type { PatchOperation } from '../patch/json-patch.ts';
import { type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { ruleList, wouldBe } from './answer.ts';
import type { World } from './decide.ts';
import type { Decision } from './decision.ts';
import { originOf } from './origin.ts';
import { isBuiltInController, isMirrorPod } from './requester.ts';
import type { AdmissionResponse } from './review.ts';
import { type Reviewed, unjudged } from './reviewed.ts';
import { newEphemeralContainers } from './significance.ts';

const maxPatchAnnotation = 1000;

/**
 * Repairs a Pod that is being created, or the ephemeral containers that an update adds; nothing else of a Pod can still
 * be changed. Always allows: what is left to object to, `/validate` says. Under `mode: audit` the patch is recorded only.
 */
export function mutate(review: Reviewed, world: World): Decision {
  const { policy, minor } = world;
  const source = repairableSource(review);
  if (source === undefined || policy.mode === 'off') return unjudged(review);
  const { userInfo, uid } = review.request;
  if (isMirrorPod(review.metadata, userInfo))
    return unjudged(review, `it mirrors a static Pod of ${userInfo.username}; repair its manifest on the node`);
  const lifted = policy.mode === 'audit';
  const byController = isBuiltInController(userInfo) && review.controller !== undefined;
  const { patch, fixedRules, findings, failures, rejectedPatch } = evaluate(source, policy, {
    minor,
    byController,
    lifted,
    origin: originOf(review, world),
  });
  const judged = { ...unjudged(review), failures, rejectedPatch };
  if (patch.length === 0) return judged;
  if (lifted) {
    const wouldPatch = abridged(patch);
    return { ...judged, wouldPatch, response: { uid, allowed: true, auditAnnotations: { patch: wouldPatch } } };
  }
  return {
    ...judged,
    findings: findings.filter(({ fixed }) => fixed).map((finding) => ({ ...finding, would: wouldBe(finding) })),
    fixedRules,
    patchOperations: patch.length,
    response: patched(uid, patch, fixedRules),
  };
}

/** What a patch can still change of the Pod; undefined where it can change nothing. */
function repairableSource({ request, pods: [pod], oldPods: [before] }: Reviewed): SubjectSource | undefined {
  if (pod === undefined) return undefined;
  if (request.operation === 'CREATE') return request.subResource === '' ? pod.source : undefined;
  if (request.subResource !== 'ephemeralcontainers') return undefined;
  const added = newEphemeralContainers(subjectOf(before?.source ?? { pod: {} }), subjectOf(pod.source));
  return added.size === 0 ? undefined : { ...pod.source, newEphemeralContainers: added };
}

function patched(uid: string, patch: readonly PatchOperation[], fixedRules: readonly string[]): AdmissionResponse {
  return {
    uid,
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    auditAnnotations: { fixed: ruleList(fixedRules) },
  };
}

/** As many operations as fit an annotation, and how many do not. */
function abridged(patch: readonly PatchOperation[]): string {
  const shown: PatchOperation[] = [];
  for (const operation of patch) {
    if (JSON.stringify([...shown, operation]).length > maxPatchAnnotation) break;
    shown.push(operation);
  }
  const left = patch.length - shown.length;
  return left === 0 ? JSON.stringify(shown) : `${JSON.stringify(shown)} +${left} operations`;
}
