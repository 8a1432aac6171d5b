import { applyPatch } from '../patch/apply-patch.ts';
import { type Edit, set } from '../patch/edits.ts';
import { type PatchOperation, toJsonPatch } from '../patch/json-patch.ts';
import { pointer } from '../patch/pointer.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { type Circumstances, OutOfTime } from './circumstances.ts';
import { policyIn } from './namespace-policy.ts';
import type { Policy } from './policy.ts';
import { byWeight, type Round, runRound } from './round.ts';
import { maxRepairs, type RuleFinding } from './tally.ts';

/** The annotation that lists the rules whose fixes a Pod got. It is informational only. */
export const fixedAnnotation = 'podwright.dev/fixed';

const maxRounds = 3;

/** Why a Pod with too many findings was not repaired. */
export const beyondRepair = `one Pod gets at most ${maxRepairs} repairs, and this one needs more`;

/** A finding, and whether admission repairs it. */
export interface EvaluatedFinding extends RuleFinding {
  readonly fixed: boolean;
}

/** The result of evaluating one subject under one policy. */
export interface Evaluation extends Pick<Round, 'failures' | 'notApplicable' | 'isOff'> {
  /** The subject as it was given. */
  readonly subject: PodSubject;
  /** Ordered by `byWeight`. */
  readonly findings: readonly EvaluatedFinding[];
  /** The patch of enabled fixes, relative to the Pod (`/spec/…`). */
  readonly patch: readonly PatchOperation[];
  /** Rules whose fixes are in the patch, sorted. */
  readonly fixedRules: readonly string[];
  /** It needs more repairs than one patch may hold, so it gets none. */
  readonly isBeyondRepair: boolean;
  /** Why a patch was dropped: a bug, which must be counted but must not deny the Pod. */
  readonly rejectedPatch: unknown;
}

/**
 * Evaluates a subject and repairs it as far as enabled fixes can, in rounds, because one fix may give rise to a finding
 * that another rule must repair. The last round, which finds nothing more to repair, proves that the patch applies and
 * does what it claims.
 * @throws OutOfTime when `checkTime` does; nothing else, regardless of the Pod's content.
 */
export function evaluate(given: SubjectSource, clusterPolicy: Policy, circumstances: Circumstances): Evaluation {
  const { origin } = circumstances;
  const policy = origin === undefined ? clusterPolicy : policyIn(clusterPolicy, origin.namespace);
  const source = dropsPodResources(given, policy, circumstances) ? { ...given, dropsPodResources: true } : given;
  const subject = subjectOf(source);
  const first = runRound(subject, policy, circumstances);
  // an invalid Pod is not repaired, because the API server rejects it
  const mayRepair = circumstances.final !== true && subject.problems.length === 0;
  const isBeyondRepair = first.repairs.areTooMany;
  const repaired =
    mayRepair && !isBeyondRepair && first.repairs.fixes.length > 0
      ? repair({ source, subject, first }, policy, circumstances)
      : { last: first, ...nothing };
  return {
    failures: first.failures,
    notApplicable: first.notApplicable,
    isOff: first.isOff,
    subject,
    findings: withOutcome(first, repaired.last),
    patch: repaired.patch,
    fixedRules: repaired.fixedRules,
    isBeyondRepair,
    rejectedPatch: repaired.rejectedPatch,
  };
}

/**
 * Whether the cluster drops Pod-level resources of a manifest (feature gate PodLevelResources, on from 1.34). What is in
 * a cluster it has kept.
 */
const dropsPodResources = ({ isAuthored }: SubjectSource, policy: Policy, { minor }: Circumstances): boolean =>
  isAuthored === true && (policy.kubernetesMinor ?? minor ?? 34) < 34;

type Patched = Pick<Evaluation, 'patch' | 'fixedRules' | 'rejectedPatch'>;

const nothing: Patched = { patch: [], fixedRules: [], rejectedPatch: undefined };

interface Given {
  readonly source: SubjectSource;
  readonly subject: PodSubject;
  readonly first: Round;
}

function repair({ source, subject, first }: Given, policy: Policy, circumstances: Circumstances) {
  let last = first;
  let patch: readonly PatchOperation[] = [];
  const edits: Edit[] = [];
  const fixedBy = new Set<string>();
  try {
    for (let round = 1; round < maxRounds && last.repairs.fixes.length > 0; round++) {
      for (const fix of last.repairs.fixes) edits.push(...fix());
      for (const rule of last.repairs.rules) fixedBy.add(rule);
      patch = toJsonPatch(source.pod, edits);
      const pod = applyPatch(source.pod, patch) as SubjectSource['pod'];
      last = runRound(subjectOf({ ...source, pod, hasChosenGrace: subject.hasChosenGrace }), policy, circumstances);
    }
    // it would claim fixes of an earlier call, so no round may see it
    if (policy.annotate && !source.newEphemeralContainers)
      patch = toJsonPatch(source.pod, [...edits, ...annotate(subject, fixedBy)]);
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    return { last: first, ...nothing, rejectedPatch: error };
  }
  return { last, patch, fixedRules: [...fixedBy].toSorted(), rejectedPatch: undefined };
}

/**
 * The findings of the first round, each marked as repaired unless the last round still has it, and findings that only
 * later rounds have.
 */
function withOutcome(first: Round, last: Round): EvaluatedFinding[] {
  if (first === last) return first.findings.map((finding) => evaluated(finding, false)).toSorted(byWeight);
  const left = new Set(last.findings.map(placeOf));
  const known = new Set(first.findings.map(placeOf));
  return [
    ...first.findings.map((finding) => evaluated(finding, !left.has(placeOf(finding)))),
    ...last.findings.filter((finding) => !known.has(placeOf(finding))).map((finding) => evaluated(finding, false)),
  ].toSorted(byWeight);
}

function evaluated(finding: RuleFinding & { fixed?: boolean }, fixed: boolean): EvaluatedFinding {
  finding.fixed = fixed;
  return finding as EvaluatedFinding;
}

/** The identity of a finding across rounds: paths are stable because patches only append to lists. */
const placeOf = ({ rule, path, message }: RuleFinding): string => `${rule.id} ${path} ${message}`;

/** The rules whose fixes are in the Pod, by the annotation that an earlier call left. */
export const fixedRules = ({ metadata }: PodSubject): string[] =>
  (metadata.annotations?.[fixedAnnotation] ?? '').split(',').filter((id) => /^[a-z-]+$/.test(id));

/** The API server's limit for all annotations together (`apimachinery/pkg/api/validation`, TotalAnnotationSizeLimitB). */
const maxAnnotationBytes = 256 * 1024;

/** Adds the annotation that lists the fixes, unless it would make the Pod invalid. */
function annotate(pod: PodSubject, fixedBy: ReadonlySet<string>): Edit[] {
  const { annotations = {} } = pod.metadata;
  const value = [...fixedBy.union(new Set(fixedRules(pod)))].toSorted().join(',');
  let room = maxAnnotationBytes - fixedAnnotation.length - value.length;
  for (const key in annotations) {
    if (key !== fixedAnnotation) room -= Buffer.byteLength(key) + Buffer.byteLength(annotations[key] ?? '');
    if (room < 0) return [];
  }
  return [set(pointer('metadata', 'annotations', fixedAnnotation), value)];
}
