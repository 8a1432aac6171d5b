import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { isShown } from '../../audit/shown-finding.ts';
import { rulePage } from '../../engine/links.ts';
import { sentenceOf, titleOf } from '../../engine/messages.ts';
import { html } from '../../page/html.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { counted, printable } from '../output/layout.ts';
import { markdownCode, markdownText, maxMarkdown } from '../output/markdown-text.ts';
import { plain } from '../output/paint.ts';
import { fileOfFinding } from './finding-place.ts';
import type { Presentation } from './presentation.ts';
import { summaryText } from './summary-text.ts';

/** Identifies the comment of an earlier run. */
const mark = '<!-- podwright -->';

/** The audit for a step summary or a pull request comment: remaining findings by workload, folded. */
export function auditMarkdown(presentation: Presentation): string {
  const { report, problems, policySource, style } = presentation;
  const { denied } = report.sum.summary();
  const concerned = report.subjects.filter(({ findings }) => findings.some((finding) => isShown(finding, style)));
  const [sum = ''] = summaryText(report.sum, report.skipped ?? 0, plain).split('\n');
  const head = [
    mark,
    `### ${denied > 0 || problems.length > 0 ? '❌' : concerned.length > 0 ? '⚠️' : '✅'} Podwright`,
    '',
    `${markdownText(sum)}.`,
    ...problems.flatMap(({ file, position, message }) => ['', `- ${placeOf(file, position)} ${markdownText(message)}`]),
  ].join('\n');
  const foot = `\n<sub>Policy: ${markdownText(policySource)}</sub>\n`;
  return `${head}\n${sectionsWithin(maxMarkdown - head.length - foot.length, concerned, presentation)}${foot}`;
}

/** As many workloads as fit, those that would be denied first. */
function sectionsWithin(room: number, subjects: readonly ReportedSubject[], presentation: Presentation): string {
  const isDenied = ({ verdict }: ReportedSubject): number => (verdict === 'deny' ? 0 : 1);
  let sections = '';
  let left = subjects.length;
  for (const subject of subjects.toSorted((a, b) => isDenied(a) - isDenied(b))) {
    const section = `\n${sectionOf(subject, presentation)}\n`;
    if (sections.length + section.length > room) break;
    sections += section;
    left--;
  }
  return left === 0 ? sections : `${sections}\nand ${counted(left, 'workload')} more.\n`;
}

function sectionOf(subject: ReportedSubject, presentation: Presentation): string {
  const left = subject.findings.filter((finding) => isShown(finding, presentation.style));
  const modes = (['enforce', 'warn', 'audit'] as const)
    .map((mode) => ({ mode, count: left.filter((finding) => finding.mode === mode).length }))
    .filter(({ count }) => count > 0)
    .map(({ mode, count }) => `${count} ${mode}`);
  const word = subject.verdict === 'deny' ? '<b>denied</b>: ' : '';
  const title = html`${printable(titleOf({ ...subject.object, podPath: '' }))}`.markup.replaceAll('@', '&#64;');
  return [
    `<details><summary>${title}: ${word}${modes.join(', ')}</summary>`,
    '',
    '| | Where | What | Rule |',
    '| --- | --- | --- | --- |',
    ...left.map((finding) => rowOf(finding, subject, presentation)),
    '',
    '</details>',
  ].join('\n');
}

function rowOf(finding: AuditFinding, subject: ReportedSubject, { repositoryPath }: Presentation): string {
  const { rule, mode, position, objectPath } = finding;
  const given = fileOfFinding(finding, subject);
  const file = given === undefined ? undefined : repositoryPath(given);
  const where = position === undefined ? markdownCode(fieldPath(objectPath)) : placeOf(file ?? 'stdin', position);
  return `| ${mode} | ${where} | ${markdownText(sentenceOf(finding))} | [${rule.id}](${rulePage(rule.id)}) |`;
}

const placeOf = (file: string, position: AuditFinding['position']): string =>
  markdownCode(position === undefined ? file : `${file}:${position.line}:${position.column}`);
