import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { printable } from '../output/layout.ts';

/** The file of a finding: that of its subject, or a patch. */
export const fileOfFinding = (
  { position }: Pick<AuditFinding, 'position'>,
  { manifest }: Pick<ReportedSubject, 'manifest'>,
): string | undefined => position?.file ?? manifest?.file;

/** `14:9` in the file of its subject, `prod/host.yaml:5:3` in a patch; empty where no place is known. */
export function placeInSubject({ position }: Pick<AuditFinding, 'position'>): string {
  if (position === undefined) return '';
  const place = `${position.line}:${position.column}`;
  return position.file === undefined ? place : `${printable(position.file)}:${place}`;
}
