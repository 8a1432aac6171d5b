import { outcomeOf, projectedOutcomeOf } from '../engine/fate.ts';
import { linkOf, sentenceOf } from '../engine/messages.ts';
import type { MessageSettings } from '../engine/policy.ts';
import type { Category, Severity } from '../engine/rule.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import { shortened } from '../engine/shortened.ts';
import type { ReportedSubject } from './audit-report.ts';
import type { ScannedFinding } from './scanned-subject.ts';

/** The results that a Report can have; those of OpenReports and their predecessors are the same. */
export type ReportResult = 'fail' | 'warn' | 'error' | 'pass';

/** One entry of a Report. */
export interface ReportedResult {
  /** Where the Report as a whole has none. */
  readonly source?: 'podwright';
  readonly policy: 'podwright';
  readonly rule?: string;
  readonly category?: Category;
  readonly severity: Severity;
  readonly result: ReportResult;
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** The most results in one Report; with the lengths below, a Report of ordinary text stays under 300 kB. */
export const maxResults = 100;
const maxMessageLength = 1_000;
const maxPropertyLength = 500;

/**
 * A finding as a result. The number of affected Pods is only included if the template does not have the finding;
 * otherwise scaling would change the Report.
 */
export function resultOf(finding: ScannedFinding, settings: MessageSettings): ReportedResult {
  const { rule, mode, objectPath, container, inTemplate, pods } = finding;
  const link = linkOf(settings, rule.id);
  return {
    policy: 'podwright',
    rule: rule.id,
    category: rule.category,
    severity: rule.severity,
    result: failureOf(finding),
    message: shortened(sentenceOf(finding), maxMessageLength),
    properties: {
      path: shortened(objectPath, maxPropertyLength),
      mode,
      ...(container !== undefined && { container: shortened(container, maxPropertyLength) }),
      ...(!inTemplate && { pods: String(pods) }),
      ...(link !== undefined && { link: shortened(link, maxPropertyLength) }),
      ...(settings.contact !== undefined && { contact: shortened(settings.contact, maxPropertyLength) }),
    },
  };
}

/** A value that the API server fails to decode; no rule reports it. */
export function typeErrorResult({ objectPath, message }: ReportedSubject['typeProblems'][number]): ReportedResult {
  return {
    policy: 'podwright',
    severity: 'high',
    result: 'error',
    message: shortened(message, maxMessageLength),
    properties: { path: shortened(objectPath, maxPropertyLength) },
  };
}

/** A rule that found nothing. */
export const passOf = ({ rule, mode }: Pick<RuleSetting, 'rule' | 'mode'>): ReportedResult => ({
  policy: 'podwright',
  rule: rule.id,
  category: rule.category,
  severity: rule.severity,
  result: 'pass',
  message: rule.docs.summary,
  properties: { mode },
});

/** `fail` for findings that are denied, or would be if they were not merely recorded; `warn` for all others. */
export function failureOf(finding: ScannedFinding): ReportResult {
  const outcome = outcomeOf(finding);
  const isDenial = outcome === 'enforce' || (outcome === 'audit' && projectedOutcomeOf(finding) === 'deny');
  return isDenial ? 'fail' : 'warn';
}
