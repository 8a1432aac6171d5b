import { applyPatch } from '../patch/apply-patch.ts';
import { type Edit, set } from '../patch/edits.ts';
import { type PatchOperation, toJsonPatch } from '../patch/json-patch.ts';
import { pointer } from '../patch/pointer.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { type Circumstances, OutOfTime } from './circumstances.ts';
import { byWeight, type Judgement, judge } from './judge.ts';
import { policyIn } from './namespace-policy.ts';
import type { Policy } from './policy.ts';
import { type JudgedFinding, maxRepairs } from './tally.ts';

/** The annotation of a patched Pod: the rules whose fixes it got. Nothing reads it. */
export const fixedAnnotation = 'podwright.dev/fixed';

const maxRounds = 3;

/** Why a Pod that is beyond repair got none. */
export const beyondRepair = `one Pod gets at most ${maxRepairs} repairs, and this one needs more`;

/** A finding, and whether admission puts it right. */
export interface EvaluatedFinding extends JudgedFinding {
  readonly fixed: boolean;
}

/** All that there is to say about one subject under one policy. */
export interface Evaluation extends Pick<Judgement, 'failures' | 'notApplicable' | 'isOff'> {
  /** The subject as it was given. */
  readonly subject: PodSubject;
  /** In the order of `byWeight`. */
  readonly findings: readonly EvaluatedFinding[];
  /** The patch that enabled fixes make, relative to the Pod (`/spec/…`). */
  readonly patch: readonly PatchOperation[];
  /** Rules whose fixes are in the patch, sorted. */
  readonly fixedRules: readonly string[];
  /** It needs more repairs than one patch may hold, and gets none. */
  readonly isBeyondRepair: boolean;
  /** Why a patch was dropped, if one was: a bug that must be counted and must not refuse the Pod. */
  readonly rejectedPatch: unknown;
}

/**
 * Judges a subject and repairs it as far as enabled fixes can, in rounds: a fix may bring up what another rule must put
 * right. The round that finds nothing more to repair is the proof that the patch applies and does what it claims.
 *
 * @throws OutOfTime when `checkTime` does; nothing else, whatever the Pod holds.
 */
export function evaluate(source: SubjectSource, clusterPolicy: Policy, circumstances: Circumstances): Evaluation {
  const { origin } = circumstances;
  const policy = origin === undefined ? clusterPolicy : policyIn(clusterPolicy, origin.namespace);
  const subject = subjectOf(source);
  const first = judge(subject, policy, circumstances);
  // what the API server would refuse is not repaired
  const mayRepair = circumstances.final !== true && subject.problems.length === 0;
  const isBeyondRepair = first.repairs.areTooMany;
  const repaired =
    mayRepair && !isBeyondRepair && first.repairs.fixes.length > 0
      ? repair({ source, subject, first }, policy, circumstances)
      : { last: first, ...nothing };
  const { last, ...patched } = repaired;
  return {
    failures: first.failures,
    notApplicable: first.notApplicable,
    isOff: first.isOff,
    subject,
    findings: withOutcome(first, last),
    isBeyondRepair,
    ...patched,
  };
}

type Patched = Pick<Evaluation, 'patch' | 'fixedRules' | 'rejectedPatch'>;

const nothing: Patched = { patch: [], fixedRules: [], rejectedPatch: undefined };

interface Given {
  readonly source: SubjectSource;
  readonly subject: PodSubject;
  readonly first: Judgement;
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
      const annotation = policy.annotate && !source.newEphemeralContainers ? annotate(subject, fixedBy) : [];
      patch = toJsonPatch(source.pod, [...edits, ...annotation]);
      const pod = applyPatch(source.pod, patch) as SubjectSource['pod'];
      last = judge(subjectOf({ ...source, pod }), policy, circumstances);
    }
  } catch (error) {
    if (error instanceof OutOfTime) throw error;
    return { last: first, ...nothing, rejectedPatch: error };
  }
  return { last, patch, fixedRules: [...fixedBy].toSorted(), rejectedPatch: undefined };
}

/** The findings of the first round, marked whether the last still has them, and what only later rounds brought. */
function withOutcome(first: Judgement, last: Judgement): EvaluatedFinding[] {
  if (first === last) return first.findings.map((finding) => evaluated(finding, false)).toSorted(byWeight);
  const left = new Set(last.findings.map(placeOf));
  const known = new Set(first.findings.map(placeOf));
  return [
    ...first.findings.map((finding) => evaluated(finding, !left.has(placeOf(finding)))),
    ...last.findings.filter((finding) => !known.has(placeOf(finding))).map((finding) => evaluated(finding, false)),
  ].toSorted(byWeight);
}

const evaluated = (finding: JudgedFinding, fixed: boolean): EvaluatedFinding => Object.assign(finding, { fixed });

/** What a finding keeps between rounds: paths hold still, for patches add to lists at their end only. */
const placeOf = ({ rule, path, message }: JudgedFinding): string => `${rule.id} ${path} ${message}`;

/** How much of the annotations the API server takes (`apimachinery/pkg/api/validation`, TotalAnnotationSizeLimitB). */
const maxAnnotationBytes = 256 * 1024;

/** The annotation that tells of the fixes; none where it would make the Pod invalid. */
function annotate({ metadata: { annotations = {} } }: PodSubject, fixedBy: ReadonlySet<string>): Edit[] {
  const before = (annotations[fixedAnnotation] ?? '').split(',').filter((id) => /^[a-z-]+$/.test(id));
  const value = [...fixedBy.union(new Set(before))].toSorted().join(',');
  let room = maxAnnotationBytes - fixedAnnotation.length - value.length;
  for (const key in annotations) {
    if (key !== fixedAnnotation) room -= Buffer.byteLength(key) + Buffer.byteLength(annotations[key] ?? '');
    if (room < 0) return [];
  }
  return [set(pointer('metadata', 'annotations', fixedAnnotation), value)];
}
