import { isLeft, projectedOutcomeOf } from '../engine/fate.ts';
import type { AuditFinding } from './audit-report.ts';

/**
 * Whether the finding remains and should be reported to the user. One that has no effect under any ceiling is only
 * `detailed`.
 */
export const isShown = (finding: AuditFinding, { detailed }: { readonly detailed: boolean }): boolean =>
  isLeft(finding) && (detailed || projectedOutcomeOf(finding) !== 'none');
