import type { PodLocation } from '../subject/pod-location.ts';
import type { EvaluatedFinding } from './evaluate.ts';
import type { MessageSettings } from './policy.ts';
import { quoted } from './quoted.ts';
import { bytesOf, shortened, wordsWithin } from './shortened.ts';
import { countOf, type RuleFinding } from './tally.ts';

/** Longer than any path of a valid Pod. */
const maxPathLength = 1_000;
const maxWarnings = 8;
const maxWarningBytes = 120;
const maxLineLength = 100;

/** The object as people see it: `Deployment shop/web`, and the place of its Pod. */
export interface DisplayedObject extends PodLocation {
  readonly kind: string;
  readonly namespace: string | undefined;
  /** Its name, or the prefix of a generated name with a `*`. */
  readonly name: string;
}

/** `Deployment shop/web`. */
export function titleOf({ kind, namespace, name }: DisplayedObject): string {
  return namespace === undefined || namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The finding as one clause that names its container. */
export function sentenceOf({ container, message, more }: Pick<RuleFinding, 'container' | 'message' | 'more'>): string {
  const text = more > 0 ? `${message}; and ${more} more like it` : message;
  return container === undefined ? text : `container ${quoted(container)}: ${text}`;
}

/**
 * Groups findings with the same text and the same place, because several rules can report the same fault: people read
 * it once.
 */
export const groupedByText = <T extends GroupedFinding>(
  findings: readonly T[],
  placeOf: (finding: T) => string,
): T[][] => [...Map.groupBy(findings, (finding) => `${placeOf(finding)} ${sentenceOf(finding)}`).values()];

type GroupedFinding = Pick<RuleFinding, 'rule' | 'container' | 'message' | 'more'>;

/** The rules of findings that are shown as one: `(no-host-pid)`. */
export const rulesOf = (findings: readonly Pick<RuleFinding, 'rule'>[]): string =>
  `(${[...new Set(findings.map(({ rule }) => rule.id))].join(', ')})`;

/** How many findings a denial lists in full; the rest are counted. */
export const maxSpelledOut = 100;

/** How many rules the first line of a denial names. */
const maxNamedRules = 3;

/** A finding for which an object is denied. */
export interface DeniedFinding {
  readonly finding: RuleFinding;
  /** Its field in the object, as people see it: `spec.template.spec.hostPID`. */
  readonly field: string;
}

/**
 * The text of a denial: the object, the rules in the order of the findings, one entry per finding, wrapped for a
 * terminal, and where to find help. Events and `helm history` only show the first line.
 */
export function denialMessage(title: string, denied: readonly DeniedFinding[]): string {
  const rules = [...new Set(denied.map(({ finding }) => finding.rule.id))];
  const named = rules.slice(0, maxNamedRules).join(', ');
  const others = rules.length > maxNamedRules ? ` and ${rules.length - maxNamedRules} more` : '';
  const count = rules.length === 1 ? '1 rule' : `${rules.length} rules`;
  const lines = [`${title} is refused by ${count}: ${named}${others}`];
  const spelledOut = denied.slice(0, maxSpelledOut).map(({ finding: { rule, container, message, more }, field }) => {
    return { rule, container, message, more, field };
  });
  for (const group of groupedByText(spelledOut, ({ field }) => field)) {
    const [first] = group as [(typeof spelledOut)[number]];
    lines.push(...wrapped(`${sentenceOf(first)} ${rulesOf(group)}`));
    lines.push(`    ${shortened(first.field, maxPathLength)}`);
  }
  const left = countOf(denied.slice(maxSpelledOut).map(({ finding }) => finding));
  if (left > 0) lines.push(`  and ${left} more`);
  lines.push(`Why and how: podwright explain ${rules[0]}`);
  return lines.join('\n');
}

/** The policy's link for a rule. */
export const linkOf = ({ link }: MessageSettings, rule: string): string | undefined => link?.replaceAll('{rule}', rule);

/** The last lines of a denial: the policy's link and contact, if set. */
export function helpLines(settings: MessageSettings, rule: string): string[] {
  const link = linkOf(settings, rule);
  return [
    ...(link === undefined ? [] : [`See: ${link}`]),
    ...(settings.contact === undefined ? [] : [`Ask: ${settings.contact}`]),
  ];
}

/** Lines of at most 100 columns, the first indented by two, the others by four. */
export function wrapped(text: string): string[] {
  if (text.length + 2 <= maxLineLength) return [`  ${text}`];
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length <= maxLineLength) line += ` ${word}`;
    else {
      lines.push(line);
      line = `    ${word}`;
    }
  }
  return [...lines, line];
}

/**
 * Warnings for `kubectl`, in the given order: one per rule and message, with containers joined; at most 8 of at most
 * 120 bytes, the last one with the number of those omitted. The API server drops texts with control characters.
 */
export function warningsOf(findings: readonly EvaluatedFinding[], settings: MessageSettings = {}): string[] {
  const groups = [...Map.groupBy(findings, ({ rule, message }) => `${rule.id} ${message}`).values()];
  const shown = groups.length > maxWarnings ? groups.slice(0, maxWarnings - 1) : groups;
  const left = groups.length - shown.length;
  const texts = shown.map((group) => warningText(group, settings));
  return left === 0 ? texts : [...texts, `${sender}and ${left} more; see them all with podwright audit`];
}

/** The sender, because kubectl only prints `Warning:`. */
const sender = 'podwright: ';

/** A shorter description of the problem is not worth its space beside the advice. */
const minProblemLength = 12;

function warningText(group: readonly EvaluatedFinding[], settings: MessageSettings): string {
  const [{ rule, message }] = group as [EvaluatedFinding, ...EvaluatedFinding[]];
  const names = group.flatMap(({ container }) => (container === undefined ? [] : [quoted(container)]));
  const end = ` (${rule.id})`;
  const room = maxWarningBytes - sender.length - end.length;
  const clean = message.replaceAll(/\p{Cc}+/gu, ' ');
  const whole = `${subjectOf(names)}${clean}`;
  const text = bytesOf(whole) <= room ? whole : shortWarning(shortSubjectOf(names), clean, room);
  return withHelp(`${sender}${text}${end}`, rule.id, settings);
}

const subjectOf = (names: readonly string[]): string =>
  names.length > 1 ? `containers ${names.join(', ')}: ` : names.length === 1 ? `container ${names[0]}: ` : '';

const shortSubjectOf = (names: readonly string[]): string =>
  names.length > 1 ? `container ${names[0]} and ${names.length - 1} more: ` : subjectOf(names);

/**
 * The text, if necessary cut in the description of the problem but not in the advice, the clause after the last `; `. If
 * that leaves too little space for the description, the rule id stands for it.
 */
function shortWarning(subject: string, message: string, room: number): string {
  if (bytesOf(subject) + bytesOf(message) <= room) return `${subject}${message}`;
  const at = message.lastIndexOf('; ');
  // trailing brackets explain the advice
  const advice = message.slice(at + '; '.length).replace(/ \([^()]*\)$/, '');
  if (at < 0 || bytesOf(advice) > room) return wordsWithin(`${subject}${message}`, room);
  const whole = message.slice(0, at);
  const problem = wordsWithin(whole, room - bytesOf(`${subject}; ${advice}`));
  if (problem === whole || problem.length >= minProblemLength) return `${subject}${problem}; ${advice}`;
  return [`${subject}${advice}`].find((text) => bytesOf(text) <= room) ?? advice;
}

/** The warning with link and contact, as far as they fit. */
function withHelp(warning: string, rule: string, settings: MessageSettings): string {
  const link = linkOf(settings, rule);
  const further = [
    ...(link === undefined ? [] : [`; see ${link}`]),
    ...(settings.contact === undefined ? [] : [`; ask ${settings.contact}`]),
  ];
  return further.reduce((text, more) => (bytesOf(text + more) <= maxWarningBytes ? text + more : text), warning);
}
