import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { onlyRecords, outcomeOf } from '../../engine/fate.ts';

/** What admission does where a fix is enabled, or would do if the policy did not only record. */
export const repairText = (isRecorded: boolean): string => (isRecorded ? 'would be repaired' : 'repaired at admission');

/** What becomes of a finding, in a word. */
export function outcomeText(finding: AuditFinding, subject: ReportedSubject): string {
  const outcome = outcomeOf(finding);
  return outcome === 'fixed' ? repairText(onlyRecords(subject)) : outcome;
}
