import type { EvaluatedFinding, Evaluation } from '../engine/evaluate.ts';
import { isDenied, isExempt, isLeft, projectedOutcomeOf } from '../engine/fate.ts';
import {
  type DisplayedObject,
  denialMessage,
  helpLines,
  maxSpelledOut,
  sentenceOf,
  titleOf,
  warningsOf,
  wrapped,
} from '../engine/messages.ts';
import { byWeight } from '../engine/round.ts';
import { fieldPath } from '../patch/pointer.ts';
import { placeInObject } from '../subject/pod-location.ts';
import type { Decision, Verdict } from './decision.ts';
import { manualJobAdvice } from './manual-job.ts';
import type { AdmissionResponse } from './review.ts';
import { displayed, type Reviewed, unevaluated } from './reviewed.ts';
import type { World } from './world.ts';

/** One Pod of the object with its evaluation. */
export interface EvaluatedPod {
  readonly object: DisplayedObject;
  readonly evaluation: Evaluation;
}

/** The validating answer to the evaluations of all Pods of an object. */
export function answer(review: Reviewed, world: World, pods: readonly EvaluatedPod[], note?: string): Decision {
  const findings = findingsOf(pods);
  const denied = findings.filter(isDenied);
  const verdict = verdictOf(denied, findings);
  return {
    ...unevaluated(review, note),
    verdict,
    response: responseOf(review, world, verdict, pods, findings, denied),
    findings,
    failures: pods.flatMap(({ evaluation }) => evaluation.failures),
  };
}

/** Ordered by weight, within each Pod as well. */
function findingsOf(pods: readonly EvaluatedPod[]): readonly EvaluatedFinding[] {
  const [first, ...others] = pods.map(({ evaluation }) => evaluation.findings);
  return others.length === 0 ? (first ?? []) : [first ?? [], ...others].flat().toSorted(byWeight);
}

/** Sorted, unique rule ids in the form of an audit annotation. */
export const ruleList = (rules: Iterable<string>): string => [...new Set(rules)].toSorted().join(',');

const rulesOf = (findings: readonly EvaluatedFinding[]): string => ruleList(findings.map(({ rule }) => rule.id));

function verdictOf(denied: readonly EvaluatedFinding[], findings: readonly EvaluatedFinding[]): Verdict {
  if (denied.length > 0) return 'deny';
  return findings.some((finding) => projectedOutcomeOf(finding) === 'deny') ? 'audit_deny' : 'allow';
}

function responseOf(
  review: Reviewed,
  world: World,
  verdict: Verdict,
  pods: readonly EvaluatedPod[],
  findings: readonly EvaluatedFinding[],
  denied: readonly EvaluatedFinding[],
): AdmissionResponse {
  const fixed = findings.filter((finding) => finding.fixed);
  const exempt = findings.filter(isExempt);
  const left = findings.filter(isLeft);
  const auditAnnotations: Record<string, string> = { verdict };
  for (const [key, own] of [['findings', left] as const, ['fixed', fixed] as const, ['exempt', exempt] as const])
    if (own.length > 0) auditAnnotations[key] = rulesOf(own);
  const answered = { uid: review.request.uid, auditAnnotations };
  if (denied.length > 0) return { ...answered, allowed: false, status: denial(review, world, pods) };
  const warnings = warningsOf(
    left.filter(({ mode }) => mode === 'warn'),
    world.policy.messages,
  );
  return warnings.length === 0 ? { ...answered, allowed: true } : { ...answered, allowed: true, warnings };
}

/** Uses `reason: Forbidden`: kubectl would hide the message of `Invalid`, and clients would retry a code of 429 or 5xx. */
function denial(
  review: Reviewed,
  world: World,
  pods: readonly EvaluatedPod[],
): NonNullable<AdmissionResponse['status']> {
  const denied = pods
    .flatMap(({ object, evaluation }) => evaluation.findings.filter(isDenied).map((finding) => ({ object, finding })))
    .toSorted((a, b) => byWeight(a.finding, b.finding))
    .map(({ object, finding }) => ({ finding, field: fieldPath(placeInObject(object, finding.path)) }));
  const causes = denied
    .slice(0, maxSpelledOut)
    .map(({ finding, field }) => ({ reason: finding.rule.id, field, message: sentenceOf(finding) }));
  const advice = manualJobAdvice(
    review,
    world,
    pods.map(({ evaluation }) => evaluation),
  );
  const message = [
    denialMessage(titleOf(displayed(review, { podPath: '' })), denied),
    ...(advice === undefined ? [] : wrapped(`Note: ${advice}`)),
    ...helpLines(world.policy.messages, causes[0]?.reason ?? ''),
  ].join('\n');
  return { code: 403, reason: 'Forbidden', message, details: { causes } };
}
