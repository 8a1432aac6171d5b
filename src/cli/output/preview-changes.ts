import type { WorkloadOutcome, WorkloadPreview } from '../../audit/preview/index.ts';
import { counted, hang } from './layout.ts';
import type { Paint } from './paint.ts';
import { titleFor } from './preview-sentences.ts';

/** How many workloads are listed per change. */
const maxNamed = 5;

/**
 * The changes of a new policy: per rule, the outcomes before and after and the affected workloads. Empty if nothing
 * changes.
 */
export function changeLines(workloads: readonly WorkloadPreview[], paint: Paint): string[] {
  const all = workloads.flatMap((workload) => workload.changes.map((change) => ({ workload, change })));
  if (all.length === 0) return [];
  const groups = Map.groupBy(
    all,
    ({ change: { rule, before, after } }) => `${rule.id}: ${wordFor(before)} → ${wordFor(after)}`,
  );
  return [
    paint('strong', 'What changes:'),
    ...[...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([change, concerned]) => {
        const names = concerned.slice(0, maxNamed).map(({ workload }) => titleFor(workload));
        const left = concerned.length - names.length;
        const list = left > 0 ? [...names, `and ${left} more`] : names;
        return [
          `  ${change}, ${counted(concerned.length, 'workload')}`,
          ...hang('    ', list.join(', '), paint.columns),
        ];
      }),
  ];
}

/** Most denied workloads are also blocked on restart, so that is not mentioned. */
function wordFor(outcomes: readonly WorkloadOutcome[]): string {
  const told = outcomes.filter((outcome) => outcome !== 'stops' || !outcomes.includes('denied'));
  return told.length === 0 ? 'nothing' : told.join(' and ');
}
