import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import { titleOf } from '../../engine/messages.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { childrenNote } from '../output/children-note.ts';
import { printable } from '../output/layout.ts';
import { fileOfFinding } from './finding-place.ts';

type Titled = ReportedSubject & Pick<ScannedSubject, 'children'>;

/** `web.yaml:1 Deployment shop/web`, and which of its templates or children it is about. */
export const subjectTitle = (subject: Titled): string =>
  titleAt(subject.manifest?.file, `${subject.position?.line}`, subject);

/** `web.yaml Deployment shop/web`: the same without the line, so that edits above it do not change it. */
export const subjectName = (subject: Titled): string => titleAt(subject.manifest?.file, undefined, subject);

/** `web.yaml:14:9 Deployment shop/web`: the same at the place of a finding. */
export function findingTitle(finding: Pick<AuditFinding, 'position'>, subject: Titled): string {
  const { position } = finding;
  if (position === undefined) return subjectTitle(subject);
  return titleAt(fileOfFinding(finding, subject), `${position.line}:${position.column}`, subject);
}

function titleAt(file: string | undefined, place: string | undefined, { object, podPath, children }: Titled): string {
  const name = file === '-' ? 'stdin' : printable(file ?? '');
  const at = file === undefined ? '' : `${name}${place === undefined ? '' : `:${place}`} `;
  const title = printable(titleOf({ ...object, podPath })).trimEnd();
  const isOnlyOne = /^(?:\/spec)?(?:\/jobTemplate\/spec)?(?:\/template)?$/.test(podPath);
  return `${at}${title}${isOnlyOne ? '' : ` ${fieldPath(podPath)}`}${childrenNote(children)}`;
}
