import type { AuditSum } from '../../audit/audit-sum.ts';
import { counted } from '../output/layout.ts';
import type { Paint } from '../output/paint.ts';
import { repairText } from './outcome-words.ts';

export const noPodsText = 'no Pods found: the input contains no Pods or Pod templates';

/** The totals, and where to find more. */
export function summaryText(sum: AuditSum, skipped: number, paint: Paint): string {
  const { subjects, denied, findings, fixed, exempt } = sum.summary();
  if (subjects === 0) return skipped === 0 ? noPodsText : `${noPodsText}; ${skipped} skipped`;
  const invalid = sum.invalid();
  const modes = (['enforce', 'warn', 'audit'] as const).filter((mode) => findings[mode] > 0);
  const parts = [
    denied - invalid > 0 ? paint('bad', `${denied - invalid} denied`) : paint('good', 'none denied'),
    ...(invalid > 0 ? [paint('bad', `${invalid} invalid`)] : []),
    modes.length === 0 ? 'no findings' : `findings: ${modes.map((mode) => `${findings[mode]} ${mode}`).join(', ')}`,
    ...(fixed > 0 ? [`${fixed} ${repairText(sum.onlyRecords())}`] : []),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const first = sum.firstLeft();
  const hint = first === undefined ? [] : [paint('faint', `Why and how: podwright explain ${first.id}`)];
  return [`${counted(subjects, 'subject')}: ${parts.join('; ')}`, ...hint].join('\n');
}
