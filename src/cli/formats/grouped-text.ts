import type { AuditFinding, ReportedSubject } from '../../audit/audit-report.ts';
import { repairWords, riskyRepairWords } from '../../audit/outcome-words.ts';
import { isShown } from '../../audit/shown-finding.ts';
import { compare } from '../../engine/compare.ts';
import { changesBehavior, isExempt, onlyRecords } from '../../engine/fate.ts';
import { modes, rankOf } from '../../engine/rule.ts';
import { counted, hang, printable } from '../output/layout.ts';
import { copied, keptFinding } from './kept-subject.ts';
import { findingTitle } from './subject-title.ts';
import { styles, type TextStyle } from './text-style.ts';

/** How many places of a finding are listed. */
const maxNamed = 5;

/** A finding that many subjects may have in common. */
interface Group {
  readonly finding: AuditFinding;
  /** The first places of it. */
  readonly places: string[];
  count: number;
  subjects: number;
  /** The number of the last subject that has it. */
  last: number;
}

/** The findings that many subjects share, as they come in: bounded by the number of different ones. */
export interface Groups {
  add(subject: ReportedSubject): void;
  /** Each finding once, with its places; the gravest last, next to the prompt. */
  paragraphs(): string[];
}

export function openGroups(style: TextStyle): Groups {
  const groups = new Map<string, Group>();
  const asides = { exempt: counts(), fixed: counts(), risky: counts(), recorded: counts() };
  let acts = false;
  let subjects = 0;
  return {
    add(subject) {
      acts ||= !onlyRecords(subject);
      subjects++;
      for (const finding of subject.findings) {
        if (isShown(finding, style)) addTo(groups, finding, subject, subjects);
        else if (isExempt(finding)) asides.exempt.add(`${finding.rule.id} by ${finding.exemption?.name}`);
        else if (!finding.fixed) asides.recorded.add(finding.rule.id);
        else asides[changesBehavior(finding) ? 'risky' : 'fixed'].add(finding.rule.id);
      }
    },
    paragraphs() {
      const lines = Object.entries({
        exempt: asides.exempt,
        [repairWords(!acts)]: asides.fixed,
        [riskyRepairWords(!acts)]: asides.risky,
        'recorded only': asides.recorded,
      }).flatMap(([title, own]) => (own.isEmpty() ? [] : hang(`${title}: `, own.text(), style.paint.columns)));
      return [
        ...(lines.length === 0 ? [] : [lines.map((line) => style.paint('faint', line)).join('\n')]),
        ...[...groups.values()].toSorted(byGravity).map((group) => groupLines(group, style).join('\n')),
      ];
    },
  };
}

function addTo(groups: Map<string, Group>, finding: AuditFinding, subject: ReportedSubject, number: number): void {
  const { rule, mode, message } = finding;
  const key = `${mode} ${rule.id} ${message}`;
  const group = groups.get(key);
  if (group === undefined) {
    const places = [copied(placeOf(finding, subject))];
    groups.set(copied(key), { finding: keptFinding(finding), places, count: 1, subjects: 1, last: number });
    return;
  }
  group.count++;
  if (group.last !== number) group.subjects++;
  group.last = number;
  if (group.places.length < maxNamed) group.places.push(copied(placeOf(finding, subject)));
}

function groupLines({ finding, places, count, subjects }: Group, { paint }: TextStyle): string[] {
  const { rule, mode, message } = finding;
  const left = count - maxNamed;
  return [
    `${paint(styles[mode], mode)} ${paint('strong', rule.id)}: ${counted(subjects, 'subject')}`,
    ...hang('  ', printable(message), paint.columns),
    ...places.map((place) => paint('faint', `    ${place}`)),
    ...(left > 0 ? [paint('faint', `    and ${left} more; -o json lists them all`)] : []),
  ];
}

/** `web.yaml:14:9 Deployment shop/web, container "app"`. */
function placeOf(finding: AuditFinding, subject: ReportedSubject): string {
  const title = findingTitle(finding, subject);
  return finding.container === undefined ? title : `${title}, container "${printable(finding.container)}"`;
}

/** `pin-image-tag (12), run-as-non-root (3)`, most frequent first. */
function counts() {
  const byName = new Map<string, number>();
  return {
    add: (name: string): void => void byName.set(name, (byName.get(name) ?? 0) + 1),
    isEmpty: (): boolean => byName.size === 0,
    text: (): string =>
      [...byName]
        .toSorted(([a, count], [b, other]) => other - count || compare(a, b))
        .map(([name, count]) => `${name} (${count})`)
        .join(', '),
  };
}

/** The weakest mode first, then the least severe, then the least frequent. */
const byGravity = ({ finding: a, count }: Group, { finding: b, count: other }: Group): number =>
  modes.indexOf(a.mode) - modes.indexOf(b.mode) ||
  rankOf[b.rule.severity] - rankOf[a.rule.severity] ||
  count - other ||
  compare(a.rule.id, b.rule.id);
