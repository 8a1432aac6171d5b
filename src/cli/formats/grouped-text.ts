import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { compare } from '../../engine/compare.ts';
import { isExempt, isLeft, onlyRecords } from '../../engine/fate.ts';
import { modes, severities } from '../../engine/rule.ts';
import { counted, hang, printable } from '../output/layout.ts';
import { repairText } from './outcome-words.ts';
import { subjectTitle } from './subject-title.ts';
import { isTold, styles, type TextStyle } from './text-style.ts';

/** How many places of a finding are listed. */
const maxNamed = 5;

interface Found {
  readonly finding: AuditFinding;
  readonly subject: ReportedSubject;
}

/** Findings that many subjects share are shown once with their places; the gravest last, closest to the prompt. */
export function groupedParagraphs(subjects: readonly ReportedSubject[], style: TextStyle): string[] {
  const all = subjects.flatMap((subject) => subject.findings.map((finding): Found => ({ finding, subject })));
  const told = all.filter(({ finding }) => isTold(finding, style));
  const groups = Map.groupBy(told, ({ finding: { rule, mode, message } }) => `${mode} ${rule.id} ${message}`);
  const asides = {
    exempt: all.filter(({ finding }) => isExempt(finding)),
    [repairText(subjects.every(onlyRecords))]: all.filter(({ finding }) => finding.fixed),
    'recorded only': all.filter(({ finding }) => isLeft(finding) && !isTold(finding, style)),
  };
  const asideLines = Object.entries(asides)
    .filter(([, own]) => own.length > 0)
    .flatMap(([title, own]) => hang(`${title}: `, countsOf(own), style.paint.columns))
    .map((line) => style.paint('faint', line));
  return [
    ...(asideLines.length === 0 ? [] : [asideLines.join('\n')]),
    ...[...groups.values()].toSorted(byGravity).map((group) => groupLines(group, style).join('\n')),
  ];
}

function groupLines(group: readonly Found[], { paint }: TextStyle): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { rule, mode, message } = first.finding;
  const subjects = new Set(group.map(({ subject }) => subject)).size;
  const left = group.length - maxNamed;
  return [
    `${paint(styles[mode], mode)} ${paint('strong', rule.id)}: ${counted(subjects, 'subject')}`,
    ...hang('  ', printable(message), paint.columns),
    ...group.slice(0, maxNamed).map((found) => paint('faint', `    ${placeOf(found)}`)),
    ...(left > 0 ? [paint('faint', `    and ${left} more; -o json lists them all`)] : []),
  ];
}

/** `web.yaml:14:9 Deployment shop/web, container "app"`. */
function placeOf({ finding: { position, container }, subject }: Found): string {
  const title = subjectTitle(subject);
  const exact = position === undefined ? title : title.replace(/:\d+ /, () => `:${position.line}:${position.column} `);
  return container === undefined ? exact : `${exact}, container "${printable(container)}"`;
}

/** `pin-image-tag (12), run-as-non-root (3)`, most frequent first. */
function countsOf(all: readonly Found[]): string {
  const names = Map.groupBy(all, ({ finding }) =>
    isExempt(finding) ? `${finding.rule.id} by ${finding.exemption?.name}` : finding.rule.id,
  );
  return [...names]
    .toSorted(([a, own], [b, other]) => other.length - own.length || compare(a, b))
    .map(([name, own]) => `${name} (${own.length})`)
    .join(', ');
}

/** The weakest mode first, then the least severe, then the least frequent. */
function byGravity(a: readonly Found[], b: readonly Found[]): number {
  const [first, second] = [a[0]?.finding, b[0]?.finding];
  if (first === undefined || second === undefined) return 0;
  return (
    modes.indexOf(first.mode) - modes.indexOf(second.mode) ||
    severities.indexOf(second.rule.severity) - severities.indexOf(first.rule.severity) ||
    a.length - b.length ||
    compare(first.rule.id, second.rule.id)
  );
}
