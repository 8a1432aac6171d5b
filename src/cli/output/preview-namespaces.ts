import {
  hinderedIn,
  isHindered,
  type NamespacePreview,
  type Outlook,
  type Preview,
  type Totals,
} from '../../audit/preview/index.ts';
import { counted, hang, printable, table } from './layout.ts';
import type { Paint } from './paint.ts';
import { fixesNote, markOf } from './preview-modes.ts';
import { cellOf, columns, hindrancesOf, ruleColumns, runningOnlyNote, titleFor } from './preview-sentences.ts';

/** How many workloads of a namespace are listed; the rest are counted. */
const maxNamed = 20;
/** How many namespaces that are not ready are described in detail. */
const maxDetailed = 20;

/** All namespaces and their sum, with a legend. */
export function namespaceTable({ namespaces, totals, before }: Preview, paint: Paint): string[] {
  const heading = ['NAMESPACE', ...columns.map((column) => column.heading.toUpperCase()), ''];
  const cells = (own: Totals, earlier: Totals | undefined): string[] =>
    columns.map(({ of }) => cellOf(own[of], earlier?.[of]));
  const rows = namespaces.map((each) => [printable(each.namespace), ...cells(each.totals, each.before), markOf(each)]);
  const sum = ['', ...cells(totals, before), counted(namespaces.length, 'namespace')];
  const [first = '', ...lines] = table(numbersRight([heading, ...rows, sum]));
  const meanings = columns.filter(({ of }) => totals[of] > 0 || (before?.[of] ?? 0) > 0).slice(1);
  return [
    paint('strong', first),
    ...lines.map((line) => line.replace(/ready( until \S+)?$/, (word) => paint('good', word))),
    ...(meanings.length === 0 ? [] : ['']),
    ...meanings.flatMap(({ heading, meaning }) =>
      hang(`${heading.toUpperCase()}: `, meaning, paint.columns).map((line) => paint('faint', line)),
    ),
  ];
}

/** Right-aligns all cells except those of the first and the last column. */
function numbersRight(rows: readonly (readonly string[])[]): string[][] {
  const width = (index: number): number => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  return rows.map((row) =>
    row.map((cell, index) => (index === 0 || index === row.length - 1 ? cell : cell.padStart(width(index)))),
  );
}

/** The namespaces with the most obstacles, in the order of the table. */
export function blockedParagraphs({ namespaces }: Preview, paint: Paint): string[][] {
  const blocked = namespaces.filter((namespace) => hinderedIn(namespace) > 0);
  const left = blocked.length - maxDetailed;
  if (left <= 0) return blocked.map((namespace) => blockedLines(namespace, paint));
  return [
    ...blocked.slice(left).map((namespace) => blockedLines(namespace, paint)),
    [
      `and ${counted(left, 'namespace')} more that are not ready, with fewer affected workloads; -n NAME or -o html shows them`,
    ],
  ];
}

function blockedLines(preview: NamespacePreview, paint: Paint): string[] {
  const { namespace, totals, rules, workloads } = preview;
  const hindered = workloads.filter(isHindered);
  const title = `${printable(namespace)}: ${hindered.length} of ${counted(totals.workloads, 'workload')} would be denied or stop${fixesNote(preview)}`;
  const shown = ruleColumns.filter(({ of }) => rules.some((rule) => rule[of] > 0));
  const heading = ['RULE', ...shown.map((column) => column.heading.toUpperCase()), ''];
  const rows = rules.map((rule) => [
    rule.rule.id,
    ...shown.map(({ of }) => cellOf(rule[of], undefined)),
    runningOnlyNote(rule),
  ]);
  const left = hindered.length - maxNamed;
  return [
    paint('bad', title),
    ...table(numbersRight([heading, ...rows])).map((line) => `  ${line}`),
    ...hindered.slice(0, maxNamed).flatMap((workload) => workloadLines(workload, paint.columns)),
    ...(left > 0 ? [`  and ${left} more; -o json lists them all`] : []),
  ];
}

function workloadLines(workload: Outlook, columns: number): string[] {
  const hindrances = hindrancesOf(workload);
  // a value that the API server would fail to decode is not a finding of a rule
  return hang(
    `  ${titleFor(workload)}: `,
    hindrances === '' ? 'has fields that the cluster would reject' : hindrances,
    columns,
  );
}
