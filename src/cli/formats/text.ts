import { type AuditFinding, type ReportedSubject, type ShownReport, summaryOf } from '../../audit/audit-report.ts';
import type { ScannedFinding } from '../../audit/scanned-subject.ts';
import { isExempt, isLeft } from '../../engine/fate.ts';
import type { Mode } from '../../engine/rule.ts';
import { sentenceOf, titleOf } from '../../engine/verdict.ts';
import { fieldPath } from '../../patch/pointer.ts';
import { counted, hang, printable } from '../output/layout.ts';
import type { Paint, Style } from '../output/paint.ts';
import { isTold } from './told.ts';

const styles: Readonly<Record<Mode, Style>> = { enforce: 'bad', warn: 'careful', audit: 'faint', off: 'faint' };

export const noPodsText = 'no Pods found: nothing was read that is a Pod or has a Pod template';

export interface TextStyle {
  readonly paint: Paint;
  /** Spell out the findings of rules that are only to be recorded; otherwise their ids must do. */
  readonly detailed: boolean;
  /** The lines of the diff that stands below a subject. */
  readonly diffOf?: (subject: ReportedSubject) => readonly string[];
}

/** The report for people: a paragraph for each subject that there is something to say about, then the sum of it. */
export function auditText(report: ShownReport, style: TextStyle): string {
  const { paint } = style;
  const paragraphs = report.subjects
    .filter(({ findings, typeProblems }) => findings.length > 0 || typeProblems.length > 0)
    .map((subject) => [titleLine(subject, paint), ...bodyLines(subject, style)].join('\n'));
  return [...paragraphs, summaryText(report, paint)].join('\n\n');
}

/** `web.yaml:1 Deployment shop/web`, and which of its templates where it has several. */
export function subjectTitle({ object, manifest, position, podPath }: ReportedSubject): string {
  const file = manifest === undefined ? '' : `${manifest.file === '-' ? 'stdin' : manifest.file}:${position?.line} `;
  const title = printable(titleOf({ ...object, podPath })).trimEnd();
  const isOneOfMany = /\/\d+\/|(leader|worker)Template/.test(podPath);
  return `${file}${title}${isOneOfMany ? ` ${fieldPath(podPath)}` : ''}`;
}

function titleLine(subject: ReportedSubject, paint: Paint): string {
  const title = paint('strong', subjectTitle(subject));
  if (subject.typeProblems.length > 0) return `${title}: ${paint('bad', 'invalid')}`;
  return `${title}: ${subject.verdict === 'deny' ? paint('bad', 'denied') : paint('good', 'allowed')}`;
}

function bodyLines(subject: ReportedSubject, style: TextStyle): string[] {
  const { findings, podPath, mode } = subject;
  const { paint, diffOf } = style;
  const told = findings.filter((finding) => isTold(finding, style));
  const width = Math.max(0, ...told.map((finding) => place(finding).length));
  const asides = {
    'recorded only': findings.filter((finding) => isLeft(finding) && !isTold(finding, style)),
    [mode === 'audit' ? 'would be repaired' : 'repaired at admission']: findings.filter(({ fixed }) => fixed),
    exempt: findings.filter(isExempt),
  };
  return [
    ...told.flatMap((finding) => findingLines(finding, width, paint, isOfPodsOnly(finding, podPath))),
    ...Object.entries(asides)
      .filter(([, aside]) => aside.length > 0)
      .flatMap(([title, aside]) => hang(`  ${title}: `, namesOf(aside)))
      .map((line) => paint('faint', line)),
    ...(diffOf?.(subject) ?? []),
  ];
}

/** Where there is no line to point at, the field stands below. */
function findingLines(finding: AuditFinding, width: number, paint: Paint, ofPodsOnly: boolean): string[] {
  const mode = finding.mode.padEnd('enforce'.length);
  const prefix = width === 0 ? `  ${mode}  ` : `  ${mode}  ${place(finding).padEnd(width)}  `;
  const rule = `(${finding.rule.id})`;
  const where = ofPodsOnly ? ', in running Pods only' : '';
  const lines = hang(prefix, `${printable(sentenceOf(finding))}${where} ${rule}`);
  const last = lines.at(-1) ?? '';
  lines[lines.length - 1] = last.slice(0, -rule.length) + paint('faint', rule);
  lines[0] = (lines[0] ?? '').replace(mode, () => paint(styles[finding.mode], mode));
  if (finding.position !== undefined) return lines;
  return [...lines, ' '.repeat(prefix.length) + paint('faint', printable(fieldPath(finding.objectPath)))];
}

/** Whether running Pods have it and the template has not. */
const isOfPodsOnly = (finding: AuditFinding & Partial<Pick<ScannedFinding, 'inTemplate'>>, podPath: string): boolean =>
  podPath !== '' && finding.inTemplate === false;

const place = ({ position }: AuditFinding): string =>
  position === undefined ? '' : `${position.line}:${position.column}`;

/** The rules, each with the exemption that covers it. */
const namesOf = (findings: readonly AuditFinding[]): string =>
  [...new Set(findings.map(({ rule, exemption }) => (exemption ? `${rule.id} (${exemption.name})` : rule.id)))]
    .toSorted()
    .join(', ');

/** The sum of it, and where to read on. */
export function summaryText(report: ShownReport, paint: Paint): string {
  const { subjects, denied, findings, fixed, exempt } = summaryOf(report);
  if (subjects === 0) return noPodsText;
  const isRecorded = report.subjects.every(({ mode }) => mode === 'audit');
  const invalid = report.subjects.filter(({ typeProblems }) => typeProblems.length > 0).length;
  const modes = (['enforce', 'warn', 'audit'] as const).filter((mode) => findings[mode] > 0);
  const parts = [
    denied - invalid > 0 ? paint('bad', `${denied - invalid} denied`) : paint('good', 'none denied'),
    ...(invalid > 0 ? [paint('bad', `${invalid} invalid`)] : []),
    modes.length === 0 ? 'no findings' : `findings: ${modes.map((mode) => `${findings[mode]} ${mode}`).join(', ')}`,
    ...(fixed > 0 ? [`${fixed} ${isRecorded ? 'would be repaired' : 'repaired at admission'}`] : []),
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
  ];
  const first = report.subjects.flatMap(({ findings }) => findings).find(isLeft);
  const hint = first === undefined ? [] : [paint('faint', `Why and how: podwright explain ${first.rule.id}`)];
  return [`${counted(subjects, 'subject')}: ${parts.join('; ')}`, ...hint].join('\n');
}
