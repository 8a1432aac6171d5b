import type {
  NamespacePreview,
  Outlook,
  RuleTotals,
  Suggestion,
  Totals,
  WorkloadOutcome,
} from '../../audit/preview/index.ts';
import { titleOf } from '../../engine/messages.ts';
import { printCompactYaml } from '../../yaml/print.ts';
import { childrenNote } from './children-note.ts';
import { printable, wrap } from './layout.ts';

/** A number in the tables, with its heading and meaning. */
export interface Column {
  readonly of: Exclude<keyof Totals, 'requestsOnly'>;
  readonly heading: string;
  readonly meaning: string;
}

/** The columns of the table of namespaces, with their meaning for its legend. */
export const columns: readonly Column[] = [
  { of: 'workloads', heading: 'workloads', meaning: 'top-level owners of Pods: Deployments, DaemonSets, CronJobs, …' },
  { of: 'denied', heading: 'denied', meaning: 'would be denied if applied again unchanged' },
  { of: 'stops', heading: 'stop', meaning: 'their Pods would be denied at the next restart' },
  { of: 'fixed', heading: 'fixed', meaning: 'their Pods would be repaired on creation' },
  {
    of: 'changesBehavior',
    heading: 'risky',
    meaning: 'of those, by fixes that can change behavior, as far as images are known',
  },
  { of: 'warned', heading: 'warned', meaning: 'applying them would print warnings' },
  { of: 'exempt', heading: 'exempt', meaning: 'an exemption covers some findings' },
];

/** The columns that rules have as well. */
export const ruleColumns = columns.filter(
  (column): column is Column & { readonly of: WorkloadOutcome } =>
    column.of !== 'workloads' && column.of !== 'changesBehavior',
);

/** The part of the denials that is for requests alone, and what to do; empty if there is none. */
export function requestsSentences({ denied, requestsOnly }: Totals): string[] {
  if (requestsOnly === 0) return [];
  const part = requestsOnly === denied ? 'all' : `${requestsOnly} of ${denied}`;
  return [
    `Denied for requests of cpu or memory alone: ${part}. A LimitRange with default requests, or fix: true with a default for these rules, supplies them.`,
  ];
}

/** `3`, `-` for zero, or `3 (+1)` in a comparison. */
export function cellOf(count: number, before: number | undefined): string {
  const change = before === undefined ? 0 : count - before;
  if (change !== 0) return `${count} (${change > 0 ? '+' : ''}${change})`;
  return count === 0 ? '-' : String(count);
}

/** `Deployment shop/web`, and the Pods of an owner without a template of its own. */
export const titleFor = ({ subject: { object, podPath, children } }: Pick<Outlook, 'subject'>): string =>
  `${printable(titleOf({ ...object, podPath }))}${childrenNote(children)}`;

/** A note on findings that these workloads' running Pods have but their templates do not; empty if there are none. */
export function runningOnlyNote({ runningOnly, ...totals }: RuleTotals): string {
  if (runningOnly === 0) return '';
  const isAll = ruleColumns.every(({ of }) => totals[of] <= runningOnly);
  return isAll ? 'running Pods only' : `${runningOnly} in running Pods only`;
}

/** The rules that would deny or block a workload; those that only running Pods break are marked. */
export function hindrancesOf({ rules }: Outlook): string {
  const own = rules.filter(({ outcomes }) => outcomes.includes('denied') || outcomes.includes('stops'));
  return own.map(({ rule, isRunningOnly }) => `${rule.id}${isRunningOnly ? ' (running Pods only)' : ''}`).join(', ');
}

/** A count in some namespaces by rule, most frequent first. */
export function rulesWith(
  outcome: WorkloadOutcome | 'changesBehavior',
  namespaces: readonly NamespacePreview[],
): { id: string; count: number }[] {
  const all = namespaces.flatMap(({ rules }) => rules).filter((totals) => totals[outcome] > 0);
  return [...Map.groupBy(all, ({ rule }) => rule.id)]
    .map(([id, totals]) => ({ id, count: totals.reduce((sum, each) => sum + each[outcome], 0) }))
    .toSorted((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
}

/** The exemptions as a policy snippet, with a comment above each that names its workloads. */
export function exemptionsEntry(suggestions: readonly Suggestion[]): string {
  const items = suggestions.flatMap(({ exemption, workloads }) => [
    ...workloads.flatMap((each) => wrap(`${titleFor(each)}: ${each.rules.join(', ')}`, 98).map((line) => `# ${line}`)),
    printCompactYaml([exemption]).trimEnd(),
  ]);
  return ['exemptions:', ...items, ''].join('\n');
}
