import type { AuditSum } from '../../audit/audit-sum.ts';
import { repairWords } from '../../audit/outcome-words.ts';
import type { UnknownKind } from '../../manifests/unknown-kinds.ts';
import { counted, printable } from '../output/layout.ts';
import type { Paint } from '../output/paint.ts';

/** The answer to input without anything to check. */
export const noPodsText = 'no Pods found: the input contains no Pods or Pod templates';

/** The totals, and where to find more. */
export function summaryText(sum: AuditSum, skipped: number, paint: Paint): string {
  const { subjects, denied, findings, fixed, exempt } = sum.summary();
  const unknown = unknownKindsText(sum.unknownKinds()).map((line) => paint('bad', line));
  if (subjects === 0) return [skipped === 0 ? noPodsText : `${noPodsText}; ${skipped} skipped`, ...unknown].join('\n');
  const invalid = sum.invalid();
  const modes = (['enforce', 'warn', 'audit'] as const).filter((mode) => findings[mode] > 0);
  const parts = [
    denied - invalid > 0 ? paint('bad', `${denied - invalid} denied`) : paint('good', 'none denied'),
    ...(invalid > 0 ? [paint('bad', `${invalid} invalid`)] : []),
    modes.length === 0 ? 'no findings' : `findings: ${modes.map((mode) => `${findings[mode]} ${mode}`).join(', ')}`,
    ...(fixed > 0 ? [`${fixed} ${repairWords(sum.onlyRecords())}`] : []),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const first = sum.firstLeft();
  const hint = first === undefined ? [] : [paint('faint', `Why and how: podwright explain ${first.id}`)];
  return [`${counted(subjects, 'subject')}: ${parts.join('; ')}`, ...unknown, ...hint].join('\n');
}

/** How many unknown kinds are named. */
const maxNamed = 5;

/** The objects that were not evaluated although they hold containers, and what to do. */
function unknownKindsText(kinds: readonly UnknownKind[]): string[] {
  if (kinds.length === 0) return [];
  const objects = kinds.reduce((sum, each) => sum + each.objects, 0);
  const named = kinds
    .slice(0, maxNamed)
    .map((each) => `${printable(each.kind)} of ${printable(each.group)} (${each.objects})`);
  const others = kinds.length > maxNamed ? ` and ${counted(kinds.length - maxNamed, 'more kind')}` : '';
  const whose = kinds.length === 1 ? 'an unknown kind' : 'unknown kinds';
  const verb = objects === 1 ? 'holds' : 'hold';
  return [
    `not checked: ${counted(objects, 'object')} of ${whose} ${verb} containers: ${named.join(', ')}${others}`,
    'Specify where these kinds keep their Pods in the policy: podTemplates',
  ];
}
