import type { AuditFinding } from '../../audit/audit-report.ts';
import { isLeft } from '../../engine/fate.ts';
import type { TextStyle } from './text.ts';

/** Whether something is left to do that somebody is to be told of. */
export const isTold = (finding: AuditFinding, { detailed }: Pick<TextStyle, 'detailed'>): boolean =>
  isLeft(finding) && (detailed || finding.ownMode !== 'audit');
