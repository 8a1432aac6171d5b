import type { PodSubject } from '../subject/pod-subject.ts';
import { type Circumstances, OutOfTime } from './circumstances.ts';
import { compare } from './compare.ts';
import { type Fate, openFates } from './fate.ts';
import { planOf } from './plan.ts';
import type { Policy } from './policy.ts';
import { type Finding, type Rule, rankOf, strengthOf } from './rule.ts';
import { type JudgedFinding, openTally, type Repairs } from './tally.ts';

export interface RuleFailure {
  readonly rule: Rule;
  readonly error: unknown;
}

/** What one pass of all rules over a subject gives. */
export interface Judgement {
  /** By rule, of each fate at most 20. */
  readonly findings: readonly JudgedFinding[];
  readonly failures: readonly RuleFailure[];
  /** Rules that have nothing to say about this subject, with the reason. */
  readonly notApplicable: ReadonlyMap<string, string>;
  /** Ceilings switch every rule off: none was run. */
  readonly isOff: boolean;
  readonly repairs: Repairs;
}

/** Runs every rule that is on, and keeps a bounded number of what they find. */
export function judge(pod: PodSubject, policy: Policy, circumstances: Circumstances): Judgement {
  const tally = openTally(pod);
  const judged = judgeInto(pod, policy, circumstances, tally.add);
  return { ...judged, findings: tally.findings(), repairs: tally.repairs() };
}

/** How many findings of one rule pass between two looks at the clock. */
const findingsPerLook = 1_024;

/**
 * Runs every rule that is on and hands over each finding with its fate. A rule that throws counts as a finding that
 * nothing can fix.
 */
export function judgeInto(
  pod: PodSubject,
  policy: Policy,
  circumstances: Circumstances,
  add: (rule: Rule, finding: Finding, fate: Fate) => void,
): Pick<Judgement, 'failures' | 'notApplicable' | 'isOff'> {
  const { only, group, checkTime, repairsOnly } = circumstances;
  const plan = planOf(policy);
  const context = plan.contextFor(circumstances);
  const fates = openFates(pod, policy, circumstances);
  const failures: RuleFailure[] = [];
  const notApplicable = new Map<string, string>();
  for (const planned of fates.areOff ? [] : repairsOnly === true ? plan.repairing : plan.rules) {
    const { rule, options } = planned.setting;
    if ((only !== undefined && only !== rule) || (group !== undefined && group !== rule.group)) continue;
    try {
      checkTime?.();
      const reason = rule.notApplicable?.(pod, options, context);
      if (reason !== undefined) {
        notApplicable.set(rule.id, reason);
        continue;
      }
      let count = 0;
      for (const finding of rule.check(pod, options, context)) {
        if (pod.isEditable(finding.path)) add(rule, finding, fates.of(planned, finding));
        if (++count % findingsPerLook === 0) checkTime?.();
      }
    } catch (error) {
      if (error instanceof OutOfTime) throw error;
      failures.push({ rule, error });
      const finding: Finding = { path: '/spec', message: 'could not be evaluated; see the log of podwright' };
      add(rule, finding, fates.of(planned, finding));
    }
  }
  return { failures, notApplicable, isOff: fates.areOff };
}

/** Strongest mode first, then severity, rule and path: the order of every list of findings. */
export function byWeight(a: JudgedFinding, b: JudgedFinding): number {
  return (
    strengthOf[b.mode] - strengthOf[a.mode] ||
    rankOf[a.rule.severity] - rankOf[b.rule.severity] ||
    compare(a.rule.id, b.rule.id) ||
    // the one that counts further ones comes after those that it follows
    a.more - b.more ||
    compare(a.path, b.path)
  );
}
