import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { titleOf } from '../../engine/messages.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { printable } from '../output/layout.ts';
import { fileOfFinding } from './finding-place.ts';

/** `web.yaml:1 Deployment shop/web`, with the template if there are several. */
export const subjectTitle = (subject: ReportedSubject): string =>
  titleAt(subject.manifest?.file, `${subject.position?.line}`, subject);

/** `web.yaml:14:9 Deployment shop/web`: the same at the place of a finding. */
export function findingTitle(finding: Pick<AuditFinding, 'position'>, subject: ReportedSubject): string {
  const { position } = finding;
  if (position === undefined) return subjectTitle(subject);
  return titleAt(fileOfFinding(finding, subject), `${position.line}:${position.column}`, subject);
}

function titleAt(file: string | undefined, place: string, { object, podPath }: ReportedSubject): string {
  const at = file === undefined ? '' : `${file === '-' ? 'stdin' : printable(file)}:${place} `;
  const title = printable(titleOf({ ...object, podPath })).trimEnd();
  const isOneOfMany = /\/\d+\/|(leader|worker)Template/.test(podPath);
  return `${at}${title}${isOneOfMany ? ` ${fieldPath(podPath)}` : ''}`;
}
