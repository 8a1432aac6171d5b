import { onlyRecords, outcomeOf, stopsAtRestart } from '../engine/fate.ts';
import { isAtLeast } from '../engine/policy.ts';
import type { Rule } from '../engine/rule.ts';
import { goesWithPod, type ScannedFinding, type ScannedSubject } from './scanned-subject.ts';

/** What can happen to a workload: it is refused when it is applied, its Pods are refused when they are made anew, … */
export const outcomes = ['denied', 'stops', 'fixed', 'warned', 'exempt'] as const;
export type Outcome = (typeof outcomes)[number];

/** What one rule would do to a workload. */
export interface RuleOutlook {
  readonly rule: Rule;
  /** In the order of `outcomes`; not empty. */
  readonly outcomes: readonly Outcome[];
  /** Only Pods that run have it, not the template: something else put it there, or the template has changed since. */
  readonly isRunningOnly: boolean;
}

/** What a policy would do to one workload. */
export interface Outlook {
  readonly subject: ScannedSubject;
  readonly outcomes: ReadonlySet<Outcome>;
  /** Whether a fix among those it would get can change what a running program sees. */
  readonly changesBehavior: boolean;
  /** Those with an outcome, in the order of weight. */
  readonly rules: readonly RuleOutlook[];
}

export function outlookOf(subject: ScannedSubject): Outlook {
  const rules = [...Map.groupBy(subject.findings, ({ rule }) => rule)].flatMap(([rule, findings]) => {
    const own = new Set(findings.flatMap((finding) => outcomesOf(finding, subject)));
    if (own.size === 0) return [];
    return [
      {
        rule,
        outcomes: outcomes.filter((outcome) => own.has(outcome)),
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
    changesBehavior: !onlyRecords(subject) && subject.findings.some(isRiskyFix),
    rules,
  };
}

/** None where the finding is only to be recorded. */
export function outcomesOf(finding: ScannedFinding, subject: ScannedSubject): Outcome[] {
  const outcome = outcomeOf(finding);
  if (outcome === 'fixed') return onlyRecords(subject) ? [] : ['fixed'];
  if (outcome === 'exempt') return isAtLeast(finding.mode, 'warn') ? ['exempt'] : [];
  const isOfPodsOnly = isRunningOnly([finding], subject);
  if (isOfPodsOnly && goesWithPod(finding)) return [];
  const stops: Outcome[] = subject.stopsAtRestart && stopsAtRestart(finding) ? ['stops'] : [];
  if (isOfPodsOnly && stops.length > 0) return stops;
  if (outcome === 'enforce') return ['denied', ...stops];
  return outcome === 'warn' ? [...stops, 'warned'] : stops;
}

/** Whether a fix puts it right that can change what a running program sees. */
export const isRiskyFix = ({ fixed, rule }: ScannedFinding): boolean => fixed && rule.fix?.risk === 'behavior';

/** Whether the subject has a template that is without them. */
const isRunningOnly = (findings: readonly ScannedFinding[], { podPath }: ScannedSubject): boolean =>
  podPath !== '' && findings.every(({ inTemplate }) => !inTemplate);
