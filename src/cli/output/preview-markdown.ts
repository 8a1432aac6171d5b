import type { Preview } from '../../audit/preview/index.ts';
import { rulePage } from '../../engine/links.ts';
import { html } from '../../page/html.ts';
import type { PageGroup, PageReport, PageWorkload } from '../../page/page-report.ts';
import { previewReport } from '../page/preview-page.ts';
import { counted, printable } from './layout.ts';
import { markdownCode, markdownText, maxMarkdown } from './markdown-text.ts';
import type { PreviewStyle } from './preview-style.ts';

/** The preview for a step summary or a comment: the sentences of the page, and workloads with their findings, folded. */
export function previewMarkdown(preview: Preview, style: PreviewStyle): string {
  const report = previewReport(preview, style);
  const head = [
    `### ${markdownText(report.title)}`,
    ...[...report.sentences, ...report.warnings].flatMap((sentence) => ['', markdownText(sentence)]),
    '',
  ].join('\n');
  const facts = report.facts.map(({ name, value }) => `${name}: ${markdownText(value)}`).join(' · ');
  const foot = `\n<sub>${facts}</sub>\n`;
  return `${head}${sectionsWithin(maxMarkdown - head.length - foot.length, report)}${foot}`;
}

/** As many workloads with findings as fit, in the order of the page. */
function sectionsWithin(room: number, { groups }: PageReport): string {
  const sections = groups.flatMap((group) =>
    group.workloads.filter(({ findings }) => findings.length > 0).map((workload) => sectionOf(workload, group)),
  );
  let length = 0;
  const shown = sections.filter((section) => (length += section.length) <= room);
  const left = sections.length - shown.length;
  return left === 0 ? shown.join('') : `${shown.join('')}\nand ${counted(left, 'workload')} more\n`;
}

function sectionOf({ title, outcomes, findings }: PageWorkload, { mark }: PageGroup): string {
  const note = mark === '' ? '' : ` (${mark})`;
  const rows = findings.map(
    ({ word, place, message, rule }) =>
      `| ${word} | ${markdownCode(place)} | ${markdownText(message)} | [${rule}](${rulePage(rule)}) |`,
  );
  return [
    '',
    html`<details><summary>${printable(`${title}: ${outcomes.join(', ')}${note}`)}</summary>`.markup,
    '',
    '| | Where | What | Rule |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '</details>',
    '',
  ].join('\n');
}
