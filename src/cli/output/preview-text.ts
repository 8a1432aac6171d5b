import type { NamespacePreview, Preview } from '../../audit/preview/index.ts';
import type { Mode } from '../../engine/rule.ts';
import { openToAllNote } from '../../policy/notes.ts';
import { counted, hang, printable, wrap } from './layout.ts';
import type { Paint } from './paint.ts';
import { paintedDiff, podDiffOf } from './pod-diff.ts';
import { changeLines } from './preview-changes.ts';
import { endsSections } from './preview-ends.ts';
import { readyEntry } from './preview-entry.ts';
import { unenforced, unenforcedSentences } from './preview-modes.ts';
import { blockedParagraphs, namespaceTable } from './preview-namespaces.ts';
import { operatorsEntry, operatorsHeading } from './preview-operators.ts';
import { exemptionsEntry, requestsSentences, rulesWith } from './preview-sentences.ts';
import { nothingRunsText, openHeading, type PreviewStyle } from './preview-style.ts';
import { usageLines } from './preview-usage-lines.ts';

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
