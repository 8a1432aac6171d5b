import type { ReportedSubject } from '../../audit/audit-report.ts';
import { titleOf } from '../../engine/messages.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { printable } from '../output/layout.ts';

/** `web.yaml:1 Deployment shop/web`, with the template if there are several. */
export function subjectTitle({ object, manifest, position, podPath }: ReportedSubject): string {
  const file =
    manifest === undefined ? '' : `${manifest.file === '-' ? 'stdin' : printable(manifest.file)}:${position?.line} `;
  const title = printable(titleOf({ ...object, podPath })).trimEnd();
  const isOneOfMany = /\/\d+\/|(leader|worker)Template/.test(podPath);
  return `${file}${title}${isOneOfMany ? ` ${fieldPath(podPath)}` : ''}`;
}
