import { changesBehavior, onlyRecords, outcomeOf, stopsAtRestart } from '../../engine/fate.ts';
import { isAtLeast } from '../../engine/policy.ts';
import type { Rule } from '../../engine/rule.ts';
import { goesWithPod, type ScannedFinding, type ScannedSubject } from '../scanned-subject.ts';

/** The possible outcomes for a workload: it is denied when applied, its Pods are denied when recreated, … */
export const workloadOutcomes = ['denied', 'stops', 'fixed', 'warned', 'exempt'] as const;
export type WorkloadOutcome = (typeof workloadOutcomes)[number];

/** The effect of one rule on a workload. */
export interface RuleOutlook {
  readonly rule: Rule;
  /** Ordered as in `workloadOutcomes`; never empty. */
  readonly outcomes: readonly WorkloadOutcome[];
  /** Whether its fix applies and can change the behavior of a running program. */
  readonly changesBehavior: boolean;
  /** Only running Pods have the finding, not the template: something else added it, or the template has changed since. */
  readonly isRunningOnly: boolean;
}

/** The effect of a policy on one workload. */
export interface Outlook {
  readonly subject: ScannedSubject;
  readonly outcomes: ReadonlySet<WorkloadOutcome>;
  /** Whether any applicable fix can change the behavior of a running program. */
  readonly changesBehavior: boolean;
  /** Whether it is denied, and would not be if its containers requested cpu and memory. */
  readonly isRequestsOnly: boolean;
  /** Rules with an outcome, ordered by weight. */
  readonly rules: readonly RuleOutlook[];
}

/** The effect of the policy under which the subject was evaluated. */
export function outlookOf(subject: ScannedSubject): Outlook {
  const rules = [...Map.groupBy(subject.findings, ({ rule }) => rule)].flatMap(([rule, findings]) => {
    const own = new Set(findings.flatMap((finding) => workloadOutcomesOf(finding, subject)));
    if (own.size === 0) return [];
    return [
      {
        rule,
        outcomes: workloadOutcomes.filter((outcome) => own.has(outcome)),
        changesBehavior: own.has('fixed') && findings.some(changesBehavior),
        isRunningOnly: isRunningOnly(findings, subject),
      },
    ];
  });
  const all = new Set(rules.flatMap((outlook) => outlook.outcomes));
  if (subject.verdict === 'deny') all.add('denied');
  if (subject.stopsAtRestart) all.add('stops');
  return {
    subject,
    outcomes: all,
    changesBehavior: !onlyRecords(subject) && subject.findings.some(changesBehavior),
    isRequestsOnly: all.has('denied') && lacksOnlyRequests(rules, subject),
    rules,
  };
}

const ofRequests = new Set(['require-cpu-request', 'require-memory-request']);

const lacksOnlyRequests = (rules: readonly RuleOutlook[], { typeProblems }: ScannedSubject): boolean =>
  typeProblems.length === 0 &&
  rules.every(({ rule, outcomes: own }) => ofRequests.has(rule.id) || !own.includes('denied'));

/** Empty if the finding is only recorded. */
export function workloadOutcomesOf(finding: ScannedFinding, subject: ScannedSubject): WorkloadOutcome[] {
  const outcome = outcomeOf(finding);
  if (outcome === 'fixed') return onlyRecords(subject) ? [] : ['fixed'];
  if (outcome === 'exempt') return isAtLeast(finding.mode, 'warn') ? ['exempt'] : [];
  const isOfPodsOnly = isRunningOnly([finding], subject);
  if (isOfPodsOnly && goesWithPod(finding)) return [];
  const stops: WorkloadOutcome[] = subject.stopsAtRestart && stopsAtRestart(finding) ? ['stops'] : [];
  if (finding.atRestartOnly === true || (isOfPodsOnly && stops.length > 0)) return stops;
  if (outcome === 'enforce') return ['denied', ...stops];
  return outcome === 'warn' ? [...stops, 'warned'] : stops;
}

/** Whether the subject has a template, and the template does not have the findings. */
const isRunningOnly = (findings: readonly ScannedFinding[], { podPath }: ScannedSubject): boolean =>
  podPath !== '' && findings.every(({ inTemplate }) => !inTemplate);
