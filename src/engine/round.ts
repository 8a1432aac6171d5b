import { isLeftToInjection } from '../subject/injection.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { type Circumstances, OutOfTime } from './circumstances.ts';
import { compare, comparePaths } from './compare.ts';
import { type Fate, isKept, openFates } from './fate.ts';
import { type Plan, planOf } from './plan.ts';
import type { Policy } from './policy.ts';
import { type Finding, type Rule, type RuleContext, rankOf, strengthOf } from './rule.ts';
import { noSightings, sightingsOf } from './sightings.ts';
import { openTally, type Repairs, type RuleFinding } from './tally.ts';

/** A rule that threw, and the error: a bug, which must be logged. */
export interface RuleFailure {
  readonly rule: Rule;
  readonly error: unknown;
}

/** The result of one pass of all rules over a subject. */
export interface Round {
  /** At most 20 per rule and fate. */
  readonly findings: readonly RuleFinding[];
  readonly failures: readonly RuleFailure[];
  /** Rules that do not apply to this subject, with the reason. */
  readonly notApplicable: ReadonlyMap<string, string>;
  /** Ceilings disable every rule, so none was run. */
  readonly isOff: boolean;
  readonly repairs: Repairs;
}

/** Runs every enabled rule and keeps a bounded number of findings. */
export function runRound(pod: PodSubject, policy: Policy, circumstances: Circumstances): Round {
  const tally = openTally(pod);
  const ran = runRules(pod, policy, circumstances, tally.add);
  return { ...ran, findings: tally.findings(), repairs: tally.repairs() };
}

/** The number of findings of one rule between two checks of the time limit. */
const findingsPerLook = 1_024;

/**
 * Runs every enabled rule and passes on each finding with its fate. A rule that throws gives a finding without a fix.
 */
export function runRules(
  pod: PodSubject,
  policy: Policy,
  circumstances: Circumstances,
  add: (rule: Rule, finding: Finding, fate: Fate) => void,
): Pick<Round, 'failures' | 'notApplicable' | 'isOff'> {
  const { checkTime, repairsOnly } = circumstances;
  const plan = planOf(policy);
  const context = contextOf(plan, pod, circumstances);
  const fates = openFates(pod, policy, circumstances);
  const failures: RuleFailure[] = [];
  const notApplicable = new Map<string, string>();
  for (const planned of fates.areOff ? [] : repairsOnly === true ? plan.repairing : plan.rules) {
    const { rule } = planned.setting;
    if (isLeftOut(rule, circumstances)) continue;
    try {
      const found = sightingsOf(planned.setting, pod, context);
      if (found === noSightings) continue;
      if ('notApplicable' in found) {
        notApplicable.set(rule.id, found.notApplicable);
        continue;
      }
      checkTime?.();
      let count = 0;
      // Pod Security evaluates a template for injection as well
      const isStandard = rule.group === 'pod-security';
      for (const finding of found.findings) {
        const basis = found.basisOf(finding);
        const isKnown = pod.isEditable(finding.path) && pod.isFinal(finding.path);
        const counts = isKnown && (isStandard || !isLeftToInjection(pod, finding.path));
        const fate = fates.of(planned, finding, basis);
        if (counts && isKept(fate, basis)) add(rule, finding, fate);
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

/** Whether only other rules are evaluated. */
const isLeftOut = (rule: Rule, { only, group }: Circumstances): boolean =>
  (only !== undefined && only !== rule) || (group !== undefined && group !== rule.group);

function contextOf(plan: Plan, { metadata }: PodSubject, circumstances: Circumstances): RuleContext {
  const { origin } = circumstances;
  return {
    ...plan.contextFor(circumstances),
    // of the request or the scan, which the object may omit
    namespace: origin?.namespace.name ?? metadata.namespace,
    workloads: origin?.workloads ?? [],
  };
}

/** Strongest mode first, then severity, rule and path: the order of findings everywhere. */
export function byWeight(a: RuleFinding, b: RuleFinding): number {
  return (
    strengthOf[b.mode] - strengthOf[a.mode] ||
    rankOf[a.rule.severity] - rankOf[b.rule.severity] ||
    compare(a.rule.id, b.rule.id) ||
    // a finding that counts further ones follows the ones with its mode, rule and path
    a.more - b.more ||
    comparePaths(a.path, b.path)
  );
}
