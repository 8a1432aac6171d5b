import type { Outlook } from '../../audit/outlook.ts';
import { isHindered, type NamespacePreview, type Preview, type Totals } from '../../audit/preview.ts';
import type { Mode } from '../../engine/rule.ts';
import { counted, hang, printable, table } from './layout.ts';
import type { Paint } from './paint.ts';
import { changeLines } from './preview-changes.ts';
import {
  cellOf,
  columns,
  diffOf,
  exemptionsEntry,
  hindrancesOf,
  readyEntry,
  ruleColumns,
  rulesWith,
  runningOnlyNote,
  titleFor,
} from './preview-sentences.ts';

export interface PreviewStyle {
  /** Show what fixes would change, as unified diffs. */
  readonly diff: boolean;
  /** Where it tells what enforcing would do: the mode for namespaces that are not ready. Absent for a policy as written. */
  readonly elsewhere: Mode | undefined;
  /** Which policy it is about, for readers who do not see the messages. */
  readonly policy: string;
  /** What may not be read and is missing from it, a line each. */
  readonly missing: readonly string[];
}

export const nothingRunsText = 'nothing was found that is a Pod or makes Pods';

/** How many workloads of a namespace are named before the rest is counted. */
const maxNamed = 20;

/** The preview for people: all namespaces in a table, then what is in the way in those that are not ready. */
export function previewText(
  preview: Preview,
  { diff, elsewhere }: Pick<PreviewStyle, 'diff' | 'elsewhere'>,
  paint: Paint,
): string {
  if (preview.totals.workloads === 0) return nothingRunsText;
  const ready = preview.namespaces.filter(({ isReady }) => isReady);
  const blocked = preview.namespaces.filter(({ isReady }) => !isReady);
  const workloads = preview.namespaces.flatMap((namespace) => namespace.workloads);
  const paragraphs = [
    namespaceTable(preview, paint),
    ...blocked.map((namespace) => blockedLines(namespace, paint)),
    readyLines(ready, paint),
    changeLines(workloads, paint),
    ...(diff ? workloads.map(diffOf).map((text) => (text === '' ? [] : [text])) : []),
    suggestionLines(preview, paint),
    unusedLines(preview),
    elsewhere === undefined ? [] : entryLines(preview, elsewhere, paint),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function namespaceTable({ namespaces, totals, before }: Preview, paint: Paint): string[] {
  const heading = ['NAMESPACE', ...columns.map((column) => column.heading.toUpperCase()), ''];
  const cells = (own: Totals, earlier: Totals | undefined): string[] =>
    columns.map(({ of }) => cellOf(own[of], earlier?.[of]));
  const rows = namespaces.map((each) => [
    printable(each.namespace),
    ...cells(each.totals, each.before),
    each.isReady ? 'ready' : '',
  ]);
  const sum = ['', ...cells(totals, before), counted(namespaces.length, 'namespace')];
  const [first = '', ...lines] = table(numbersRight([heading, ...rows, sum]));
  const meanings = columns.filter(({ of }) => totals[of] > 0 || (before?.[of] ?? 0) > 0).slice(1);
  return [
    paint('strong', first),
    ...lines.map((line) => line.replace(/ready$/, (word) => paint('good', word))),
    '',
    ...meanings.flatMap(({ heading, meaning }) =>
      hang(`${heading.toUpperCase()}: `, meaning).map((line) => paint('faint', line)),
    ),
  ];
}

/** All cells but those of the first and the last column to the right. */
function numbersRight(rows: readonly (readonly string[])[]): string[][] {
  const width = (index: number): number => Math.max(...rows.map((row) => row[index]?.length ?? 0));
  return rows.map((row) =>
    row.map((cell, index) => (index === 0 || index === row.length - 1 ? cell : cell.padStart(width(index)))),
  );
}

function blockedLines({ namespace, totals, rules, workloads }: NamespacePreview, paint: Paint): string[] {
  const hindered = workloads.filter(isHindered);
  const title = `${printable(namespace)}: ${hindered.length} of ${counted(totals.workloads, 'workload')} would be denied or stop`;
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
    ...hindered.slice(0, maxNamed).flatMap((workload) => workloadLines(workload)),
    ...(left > 0 ? [`  and ${left} more; -o json lists them all`] : []),
  ];
}

function workloadLines(workload: Outlook): string[] {
  const hindrances = hindrancesOf(workload);
  // what the API server would not decode is no finding of a rule
  return hang(`  ${titleFor(workload)}: `, hindrances === '' ? 'has fields that the cluster would refuse' : hindrances);
}

function readyLines(ready: readonly NamespacePreview[], paint: Paint): string[] {
  if (ready.length === 0) return [paint('bad', 'No namespace is ready.')];
  const lines = (['fixed', 'warned', 'exempt'] as const).flatMap((outcome) => {
    const rules = rulesWith(outcome, ready).map(({ id, count }) => `${id} (${count})`);
    return rules.length === 0 ? [] : hang(`  ${outcome}: `, rules.join(', '));
  });
  const verb = ready.length === 1 ? 'is' : 'are';
  const title = paint('good', `${counted(ready.length, 'namespace')} ${verb} ready.`);
  return [lines.length === 0 ? title : `${title} What would happen there, in workloads:`, ...lines];
}

function suggestionLines({ suggestions }: Preview, paint: Paint): string[] {
  if (suggestions.length === 0) return [];
  return [
    paint('strong', 'Add-ons run here that are known and have no exemption. Check these, and take what is right:'),
    '',
    exemptionsEntry(suggestions).trimEnd(),
  ];
}

function unusedLines({ unusedExemptions }: Preview): string[] {
  if (unusedExemptions.length === 0) return [];
  return hang('Exemptions that cover nothing here: ', unusedExemptions.map(({ name }) => printable(name)).join(', '));
}

function entryLines(preview: Preview, elsewhere: Mode, paint: Paint): string[] {
  const entry = readyEntry(preview, elsewhere);
  if (entry === undefined) return [];
  return [
    paint('strong', 'To enforce in the namespaces that are ready, and not yet in the others:'),
    '',
    entry.trimEnd(),
  ];
}
