import { changesBehavior, onlyRecords, outcomeOf } from '../engine/fate.ts';
import type { AuditFinding, ReportedSubject } from './audit-report.ts';

/** The effect of admission if a fix is enabled, or its effect if the policy did more than record. */
export const repairWords = (isRecorded: boolean): string =>
  isRecorded ? 'would be repaired' : 'repaired at admission';

/** The same for fixes that can change how the program behaves. */
export const riskyRepairWords = (isRecorded: boolean): string =>
  `${isRecorded ? 'would be repaired' : 'repaired'} (can change behavior)`;

/** The outcome of a finding, in a word. */
export function outcomeText(finding: AuditFinding, subject: ReportedSubject): string {
  const outcome = outcomeOf(finding);
  if (outcome !== 'fixed') return outcome;
  return (changesBehavior(finding) ? riskyRepairWords : repairWords)(onlyRecords(subject));
}
