import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import type { AuditSum } from '../../audit/audit-sum.ts';
import { repairWords, riskyRepairWords } from '../../audit/outcome-words.ts';
import type { ScannedFinding, ScannedSubject } from '../../audit/scanned-subject.ts';
import { isShown } from '../../audit/shown-finding.ts';
import { changesBehavior, isExempt, isLeft, onlyRecords } from '../../engine/fate.ts';
import { groupedByText, rulesOf, sentenceOf } from '../../engine/messages.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { hang, printable } from '../output/layout.ts';
import type { Paint } from '../output/paint.ts';
import { placeInSubject } from './finding-place.ts';
import { type Groups, openGroups } from './grouped-text.ts';
import { openRuleTable } from './rule-table.ts';
import { subjectTitle } from './subject-title.ts';
import { summaryText } from './summary-text.ts';
import { styles, type TextStyle } from './text-style.ts';

/** With more subjects than this, findings that many of them share are shown once. */
const fewSubjects = 10;

/**
 * The report for people: a paragraph for each subject with findings or, if there are many subjects, for each finding;
 * then the totals. It is built as subjects are added and keeps none of them.
 */
export interface TextReport {
  add(subject: ReportedSubject): void;
  text(sum: AuditSum, skipped: number): string;
}

/** Opens the text of an audit, which grows while subjects are added. */
export function openText(style: TextStyle): TextReport {
  const body = style.summary === true ? openRuleTable() : openParagraphs(style);
  return {
    add: body.add,
    text: (sum, skipped) => [...body.paragraphs(), summaryText(sum, skipped, style.paint)].join('\n\n'),
  };
}

function openParagraphs(style: TextStyle): Groups {
  const isGrouped = style.diffOf === undefined;
  const groups = openGroups(style);
  const paragraphs: string[] = [];
  return {
    add(subject) {
      if (subject.findings.length === 0 && subject.typeProblems.length === 0) return;
      if (isGrouped) groups.add(subject);
      if (isGrouped && paragraphs.length > fewSubjects) return;
      paragraphs.push([titleLine(subject, style.paint), ...bodyLines(subject, style)].join('\n'));
    },
    paragraphs: () => (isGrouped && paragraphs.length > fewSubjects ? groups.paragraphs() : paragraphs),
  };
}

function titleLine(subject: ReportedSubject & Partial<Pick<ScannedSubject, 'stopsAtRestart'>>, paint: Paint): string {
  const title = paint('strong', subjectTitle(subject));
  if (subject.typeProblems.length > 0) return `${title}: ${paint('bad', 'invalid')}`;
  if (subject.verdict === 'deny') return `${title}: ${paint('bad', 'denied')}`;
  const stops =
    subject.stopsAtRestart === true ? `; ${paint('bad', 'its Pods would be denied at the next restart')}` : '';
  return `${title}: ${paint('good', 'allowed')}${stops}`;
}

function bodyLines(subject: ReportedSubject, style: TextStyle): string[] {
  const { findings, podPath } = subject;
  const { paint, diffOf } = style;
  const shown = findings.filter((finding) => isShown(finding, style));
  const width = Math.max(0, ...shown.map((finding) => placeInSubject(finding).length));
  const isRecorded = onlyRecords(subject);
  const asides = {
    'recorded only': findings.filter((finding) => isLeft(finding) && !isShown(finding, style)),
    [repairWords(isRecorded)]: findings.filter((finding) => finding.fixed && !changesBehavior(finding)),
    [riskyRepairWords(isRecorded)]: findings.filter(changesBehavior),
    exempt: findings.filter(isExempt),
  };
  return [
    ...groupedByText(shown, (finding) => `${finding.objectPath} ${isOfPodsOnly(finding, podPath)}`).flatMap((group) =>
      findingLines(group, width, paint, podPath),
    ),
    ...Object.entries(asides)
      .filter(([, aside]) => aside.length > 0)
      .flatMap(([title, aside]) => hang(`  ${title}: `, namesOf(aside), paint.columns))
      .map((line) => paint('faint', line)),
    ...(diffOf?.(subject) ?? []),
  ];
}

/**
 * The findings of a group say the same; the first has the strongest mode. Without a line number, the field is printed
 * below.
 */
function findingLines(group: readonly AuditFinding[], width: number, paint: Paint, podPath: string): string[] {
  const [finding] = group as [AuditFinding];
  const mode = finding.mode.padEnd('enforce'.length);
  const prefix = width === 0 ? `  ${mode}  ` : `  ${mode}  ${placeInSubject(finding).padEnd(width)}  `;
  const rules = rulesOf(group);
  const where = isOfPodsOnly(finding, podPath) ? ', in running Pods only' : '';
  const lines = hang(prefix, `${printable(sentenceOf(finding))}${where} ${rules}`, paint.columns);
  const last = lines.at(-1) ?? '';
  const ending = last.slice(Math.max(last.lastIndexOf('('), last.search(/\S/)));
  lines[lines.length - 1] = last.slice(0, -ending.length) + paint('faint', ending);
  lines[0] = (lines[0] ?? '').replace(mode, () => paint(styles[finding.mode], mode));
  if (finding.position !== undefined) return lines;
  return [...lines, ' '.repeat(prefix.length) + paint('faint', printable(fieldPath(finding.objectPath)))];
}

/** Whether running Pods have it but the template does not. */
const isOfPodsOnly = (finding: AuditFinding & Partial<Pick<ScannedFinding, 'inTemplate'>>, podPath: string): boolean =>
  podPath !== '' && finding.inTemplate === false;

/** The rules, each with its exemption. */
const namesOf = (findings: readonly AuditFinding[]): string =>
  [...new Set(findings.map(({ rule, exemption }) => (exemption ? `${rule.id} (${exemption.name})` : rule.id)))]
    .toSorted()
    .join(', ');
