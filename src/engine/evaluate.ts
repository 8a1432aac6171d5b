import { applyPatch } from '../patch/apply-patch.ts';
import { type Edit, set } from '../patch/edits.ts';
import { type PatchOperation, toJsonPatch } from '../patch/json-patch.ts';
import { pointer } from '../patch/pointer.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { byWeight, type Circumstances, type JudgedFinding, type Judgement, judge } from './judge.ts';
import { policyIn } from './namespace-policy.ts';
import type { Policy } from './policy.ts';

/** The annotation of a patched Pod: the rules whose fixes it got. Nothing reads it. */
export const fixedAnnotation = 'podwright.dev/fixed';

const maxRounds = 3;

/** A finding, and whether admission puts it right. */
export interface EvaluatedFinding extends JudgedFinding {
  readonly fixed: boolean;
}

/** All that there is to say about one subject under one policy. */
export interface Evaluation extends Omit<Judgement, 'findings'> {
  /** The subject as it was given. */
  readonly subject: PodSubject;
  /** In the order of `byWeight`. */
  readonly findings: readonly EvaluatedFinding[];
  /** The patch that enabled fixes make, relative to the Pod (`/spec/…`). */
  readonly patch: readonly PatchOperation[];
  /** Rules whose fixes are in the patch, sorted. */
  readonly fixedRules: readonly string[];
  /** Why a patch was dropped, if one was: a bug that must be counted and must not refuse the Pod. */
  readonly rejectedPatch: unknown;
}

/**
 * Judges a subject and repairs it as far as enabled fixes can, in rounds: a fix may bring up what another rule must put
 * right. The round that finds nothing more to repair is the proof that the patch applies and does what it claims.
 * Never throws, whatever the Pod holds.
 */
export function evaluate(source: SubjectSource, clusterPolicy: Policy, circumstances: Circumstances): Evaluation {
  const { origin } = circumstances;
  const policy = origin === undefined ? clusterPolicy : policyIn(clusterPolicy, origin.namespace);
  const subject = subjectOf(source);
  const first = judge(subject, policy, circumstances);
  // what the API server would refuse is not repaired
  const mayRepair = circumstances.final !== true && subject.problems.length === 0;
  let last = first;
  let edits: readonly Edit[] = [];
  let fixedBy = new Set<string>();
  let patch: readonly PatchOperation[] = [];
  try {
    for (let round = 1; mayRepair && round < maxRounds; round++) {
      const repairable = last.findings.filter((finding) => finding.repairable);
      if (repairable.length === 0) break;
      edits = [...edits, ...repairable.flatMap((finding) => finding.fix ?? [])];
      fixedBy = fixedBy.union(new Set(repairable.map(({ rule }) => rule.id)));
      const annotation = policy.annotate && !source.newEphemeralContainers ? [annotate(subject, fixedBy)] : [];
      patch = toJsonPatch(source.pod, [...edits, ...annotation]);
      const pod = applyPatch(source.pod, patch) as SubjectSource['pod'];
      last = judge(subjectOf({ ...source, pod }), policy, circumstances);
    }
  } catch (error) {
    return { ...first, subject, findings: withOutcome(first, first), patch: [], fixedRules: [], rejectedPatch: error };
  }
  const findings = withOutcome(first, last);
  return { ...first, subject, findings, patch, fixedRules: [...fixedBy].toSorted(), rejectedPatch: undefined };
}

/** The findings of the first round, marked whether the last still has them, and what only later rounds brought. */
function withOutcome(first: Judgement, last: Judgement): EvaluatedFinding[] {
  const isIn = ({ findings }: Judgement) => {
    const byRule = Map.groupBy(findings, ({ rule }) => rule);
    return (finding: JudgedFinding) => byRule.get(finding.rule)?.some((other) => isSame(finding, other)) === true;
  };
  if (first === last) return first.findings.map((finding) => ({ ...finding, fixed: false })).toSorted(byWeight);
  const [isLeft, isKnown] = [isIn(last), isIn(first)];
  const added = last.findings.filter((finding) => !isKnown(finding));
  return [
    ...first.findings.map((finding) => ({ ...finding, fixed: !isLeft(finding) })),
    ...added.map((finding) => ({ ...finding, fixed: false })),
  ].toSorted(byWeight);
}

/** Between rounds paths hold still: patches add to lists at their end only. */
const isSame = (a: JudgedFinding, b: JudgedFinding): boolean => a.path === b.path && a.message === b.message;

function annotate(subject: PodSubject, fixedBy: ReadonlySet<string>): Edit {
  const before = (subject.metadata.annotations?.[fixedAnnotation] ?? '')
    .split(',')
    .filter((id) => /^[a-z-]+$/.test(id));
  return set(
    pointer('metadata', 'annotations', fixedAnnotation),
    [...fixedBy.union(new Set(before))].toSorted().join(','),
  );
}
