import type { Outlook } from '../../audit/preview/index.ts';
import { hinderedIn, isHindered, type NamespacePreview, type Preview, type Totals } from '../../audit/preview/index.ts';
import type { Policy } from '../../engine/policy.ts';
import type { Mode } from '../../engine/rule.ts';
import type { PageView } from '../../page/page-report.ts';
import { openToAllNote } from '../../policy/notes.ts';
import type { MeasuredContainers } from '../measured-usage.ts';
import { counted, hang, printable, table, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintedDiff, podDiffOf } from './pod-diff.ts';
import { changeLines } from './preview-changes.ts';
import { endsSections } from './preview-ends.ts';
import { readyEntry } from './preview-entry.ts';
import { fixesNote, markOf, unenforced, unenforcedSentences } from './preview-modes.ts';
import { operatorsEntry, operatorsHeading } from './preview-operators.ts';
import {
  cellOf,
  columns,
  exemptionsEntry,
  hindrancesOf,
  requestsSentences,
  ruleColumns,
  rulesWith,
  runningOnlyNote,
  titleFor,
} from './preview-sentences.ts';
import { usageLines } from './preview-usage-lines.ts';

/** How a preview is written, and for which mode. */
export interface PreviewStyle {
  /** Show the changes of fixes as unified diffs. */
  readonly diff: boolean;
  /** The preview's value for every `mode` ceiling; undefined if the policy is previewed as written. */
  readonly ceiling: Mode | undefined;
  /** The policy without that ceiling. */
  readonly written: Pick<Policy, 'mode' | 'namespaces'>;
  /** The origin of the policy, for readers who do not see the messages. */
  readonly policy: string;
  /** The name of the cluster in the kubeconfig. */
  readonly cluster: string;
  readonly at: Date;
  /** Resources that could not be read and are missing, one line each. */
  readonly missing: readonly string[];
  /** For HTML: the pages of the dashboard. */
  readonly views?: readonly PageView[] | undefined;
  /** The known usage of containers, if it was requested. */
  readonly usage?: MeasuredContainers | undefined;
}

/** The heading above exemptions that everyone who creates Pods can use. */
export const openHeading = 'Exemptions that match on images or containers alone';
/** The answer for a cluster, or a namespace, without workloads. */
export const nothingRunsText = 'no Pods and no objects that create Pods were found';

/** How many workloads of a namespace are listed; the rest are counted. */
const maxNamed = 20;
/** How many namespaces that are not ready are described in detail. */
const maxDetailed = 20;

/** The preview for people: all namespaces in a table, then the obstacles in those that are not ready. */
export function previewText(
  preview: Preview,
  style: Pick<PreviewStyle, 'diff' | 'ceiling' | 'written' | 'usage'>,
  paint: Paint,
): string {
  if (preview.totals.workloads === 0) return nothingRunsText;
  const workloads = preview.namespaces.flatMap((namespace) => namespace.workloads);
  const paragraphs = [
    namespaceTable(preview, paint),
    requestsSentences(preview.totals).flatMap((sentence) => wrap(sentence, paint.columns)),
    ...blockedParagraphs(preview, paint),
    style.usage === undefined ? [] : usageLines(workloads, style.usage),
    readyLines(preview, paint),
    unenforcedLines(preview, style.ceiling, paint.columns),
    changeLines(workloads, paint),
    ...(style.diff ? workloads.map(({ subject }) => paintedDiff(podDiffOf(subject), paint)) : []),
    ...endsSections(preview, paint.columns).map(({ heading, lines }) => [paint('strong', heading), ...lines]),
    operatorLines(preview, paint),
    suggestionLines(preview, paint),
    openLines(preview, paint.columns),
    unusedLines(preview, paint.columns),
    entryLines(preview, style, paint),
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
function blockedParagraphs({ namespaces }: Preview, paint: Paint): string[][] {
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

function readyLines({ namespaces }: Preview, paint: Paint): string[] {
  const ready = namespaces.filter(({ isReady }) => isReady);
  if (ready.length === 0)
    return namespaces.some(({ mode }) => mode === 'enforce') ? [paint('bad', 'No namespace is ready.')] : [];
  const lines = happeningLines(ready, paint.columns);
  const verb = ready.length === 1 ? 'is' : 'are';
  const title = paint('good', `${counted(ready.length, 'namespace')} ${verb} ready.`);
  return [lines.length === 0 ? title : `${title} What would happen there, in workloads:`, ...lines];
}

function unenforcedLines({ namespaces }: Preview, ceiling: Mode | undefined, columns: number): string[] {
  const sentences = unenforcedSentences(namespaces, ceiling);
  const lines = happeningLines(unenforced(namespaces), columns);
  return [...sentences, ...(lines.length === 0 ? [] : ['What would happen there, in workloads:', ...lines])];
}

/** The counts of outcomes in some namespaces other than denied and blocked. */
function happeningLines(namespaces: readonly NamespacePreview[], columns: number): string[] {
  return happenings.flatMap(({ outcome, words }) => {
    const rules = rulesWith(outcome, namespaces).map(({ id, count }) => `${id} (${count})`);
    return rules.length === 0 ? [] : hang(`  ${words}: `, rules.join(', '), columns);
  });
}

const happenings = [
  { outcome: 'fixed', words: 'fixed' },
  { outcome: 'changesBehavior', words: 'of those, can change behavior' },
  { outcome: 'warned', words: 'warned' },
  { outcome: 'exempt', words: 'exempt' },
] as const;

function operatorLines({ unlistedOperators }: Preview, paint: Paint): string[] {
  if (unlistedOperators.length === 0) return [];
  const heading = wrap(operatorsHeading, paint.columns).map((line) => paint('strong', line));
  return [...heading, '', operatorsEntry(unlistedOperators).trimEnd()];
}

function openLines({ openExemptions }: Preview, columns: number): string[] {
  if (openExemptions.length === 0) return [];
  return [
    `${openHeading}:`,
    ...openExemptions.flatMap((exemption) => hang('  ', printable(openToAllNote(exemption)), columns)),
  ];
}

function suggestionLines({ suggestions }: Preview, paint: Paint): string[] {
  if (suggestions.length === 0) return [];
  return [
    paint('strong', 'These known add-ons have no exemption. Check these exemptions, and add the right ones:'),
    '',
    exemptionsEntry(suggestions).trimEnd(),
  ];
}

function unusedLines({ unusedExemptions }: Preview, columns: number): string[] {
  if (unusedExemptions.length === 0) return [];
  return hang(
    'Exemptions that cover nothing here: ',
    unusedExemptions.map(({ name }) => printable(name)).join(', '),
    columns,
  );
}

function entryLines(preview: Preview, style: Pick<PreviewStyle, 'ceiling' | 'written'>, paint: Paint): string[] {
  const entry = readyEntry(preview, style);
  if (entry === undefined) return [];
  return [...wrap(entry.instruction, paint.columns).map((line) => paint('strong', line)), '', entry.yaml.trimEnd()];
}
