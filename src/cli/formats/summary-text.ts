import { type ShownReport, summaryOf } from '../../audit/audit-report.ts';
import { isLeft, onlyRecords } from '../../engine/fate.ts';
import { counted } from '../output/layout.ts';
import type { Paint } from '../output/paint.ts';
import { repairText } from './outcome-words.ts';

export const noPodsText = 'no Pods found: the input contains no Pods or Pod templates';

/** The totals, and where to find more. */
export function summaryText(report: ShownReport, paint: Paint): string {
  const { subjects, denied, findings, fixed, exempt, skipped = 0 } = summaryOf(report);
  if (subjects === 0) return skipped === 0 ? noPodsText : `${noPodsText}; ${skipped} skipped`;
  const invalid = report.subjects.filter(({ typeProblems }) => typeProblems.length > 0).length;
  const modes = (['enforce', 'warn', 'audit'] as const).filter((mode) => findings[mode] > 0);
  const parts = [
    denied - invalid > 0 ? paint('bad', `${denied - invalid} denied`) : paint('good', 'none denied'),
    ...(invalid > 0 ? [paint('bad', `${invalid} invalid`)] : []),
    modes.length === 0 ? 'no findings' : `findings: ${modes.map((mode) => `${findings[mode]} ${mode}`).join(', ')}`,
    ...(fixed > 0 ? [`${fixed} ${repairText(report.subjects.every(onlyRecords))}`] : []),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const first = report.subjects.flatMap(({ findings }) => findings).find(isLeft);
  const hint = first === undefined ? [] : [paint('faint', `Why and how: podwright explain ${first.rule.id}`)];
  return [`${counted(subjects, 'subject')}: ${parts.join('; ')}`, ...hint].join('\n');
}
