import { fieldPath, type Pointer } from '../patch/pointer.ts';
import type { EvaluatedFinding } from './evaluate.ts';
import type { MessageSettings } from './policy.ts';
import { quoted } from './quoted.ts';
import { shortened } from './shortened.ts';
import { countOf, type JudgedFinding } from './tally.ts';

/** The longest name that the API server takes for a container. */
const maxNameLength = 63;
/** Longer than any path of a valid Pod. */
const maxPathLength = 1_000;
const maxWarnings = 8;
const maxWarningLength = 120;
const maxLineLength = 100;

/** What a person sees of the object: `Deployment shop/web`, and where its Pod is. */
export interface DisplayedObject {
  readonly kind: string;
  readonly namespace: string | undefined;
  /** Its name, or the prefix of a generated one with a `*`. */
  readonly name: string;
  /** The pointer to the object with the Pod's metadata and spec: empty for a Pod, `/spec/template` for a Deployment. */
  readonly podPath: Pointer;
}

/** `Deployment shop/web`. */
export function titleOf({ kind, namespace, name }: DisplayedObject): string {
  return namespace === undefined || namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The finding as one clause that names its container. */
export function sentenceOf({
  container,
  message,
  more,
}: Pick<JudgedFinding, 'container' | 'message' | 'more'>): string {
  const text = more > 0 ? `${message}; and ${more} more like it` : message;
  return container === undefined ? text : `container ${quoted(container, maxNameLength)}: ${text}`;
}

/** How many findings a denial spells out; the rest is counted. */
export const maxSpelledOut = 100;

/** How many rules the first line of a denial names. */
const maxNamedRules = 3;

/**
 * The text of a denial: what is refused by which rules, one entry per finding, wrapped for a terminal, and where to read
 * on. Events and `helm history` show no more than the first line.
 */
export function denialMessage(object: DisplayedObject, denied: readonly JudgedFinding[]): string {
  const rules = [...new Set(denied.map(({ rule }) => rule.id))];
  const named = rules.slice(0, maxNamedRules).join(', ');
  const others = rules.length > maxNamedRules ? ` and ${rules.length - maxNamedRules} more` : '';
  const count = rules.length === 1 ? '1 rule' : `${rules.length} rules`;
  const lines = [`${titleOf(object)} is refused by ${count}: ${named}${others}`];
  for (const finding of denied.slice(0, maxSpelledOut)) {
    lines.push(...wrapped(`${sentenceOf(finding)} (${finding.rule.id})`));
    lines.push(`    ${shortened(fieldPath(`${object.podPath}${finding.path}`), maxPathLength)}`);
  }
  const left = countOf(denied.slice(maxSpelledOut));
  if (left > 0) lines.push(`  and ${left} more`);
  lines.push(`Why and how: podwright explain ${rules[0]}`);
  return lines.join('\n');
}

/** Where the policy has people read on about a rule. */
export const linkOf = ({ link }: MessageSettings, rule: string): string | undefined => link?.replaceAll('{rule}', rule);

/** The last lines of a denial: where to read on and whom to ask, as far as the policy says. */
export function helpLines(settings: MessageSettings, rule: string): string[] {
  const link = linkOf(settings, rule);
  return [
    ...(link === undefined ? [] : [`See: ${link}`]),
    ...(settings.contact === undefined ? [] : [`Ask: ${settings.contact}`]),
  ];
}

/** Lines of at most 100 columns, the first indented by two, the others by four. */
export function wrapped(text: string): string[] {
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
 * Warnings for `kubectl`, in the order given: one per rule and message, containers joined, at most 8 of at most 120
 * characters, the last one counting what is left out. The API server drops texts with control characters.
 */
export function warningsOf(findings: readonly EvaluatedFinding[], settings: MessageSettings = {}): string[] {
  const groups = [...Map.groupBy(findings, ({ rule, message }) => `${rule.id} ${message}`).values()];
  const shown = groups.length > maxWarnings ? groups.slice(0, maxWarnings - 1) : groups;
  const left = groups.length - shown.length;
  const texts = shown.map((group) => warningText(group, settings));
  return left === 0 ? texts : [...texts, `${sender}and ${left} more; see them all with podwright audit`];
}

/** Who warns: kubectl says only `Warning:`. */
const sender = 'podwright: ';

/** What a warning says first must be worth its room beside the advice. */
const minProblemLength = 12;

function warningText(group: readonly EvaluatedFinding[], settings: MessageSettings): string {
  const [{ rule, message }] = group as [EvaluatedFinding, ...EvaluatedFinding[]];
  const names = group.flatMap(({ container }) => (container === undefined ? [] : [quoted(container, maxNameLength)]));
  const end = ` (${rule.id})`;
  const room = maxWarningLength - sender.length - end.length;
  const clean = message.replaceAll(/\p{Cc}+/gu, ' ');
  const texts = [`${subjectOf(names)}${clean}`, `${shortSubjectOf(names)}${clean}`];
  const text = texts.find(({ length }) => length <= room) ?? withAdvice(shortSubjectOf(names), clean, room);
  return withHelp(`${sender}${text}${end}`, rule.id, settings);
}

const subjectOf = (names: readonly string[]): string =>
  names.length > 1 ? `containers ${names.join(', ')}: ` : names.length === 1 ? `container ${names[0]}: ` : '';

const shortSubjectOf = (names: readonly string[]): string =>
  names.length > 1 ? `container ${names[0]} and ${names.length - 1} more: ` : subjectOf(names);

/**
 * The text, of which what is wrong is cut and not what to do, the clause after the last `; `. Where that leaves no room for
 * more, the id of the rule must tell what is wrong.
 */
function withAdvice(subject: string, message: string, room: number): string {
  const at = message.lastIndexOf('; ');
  // what stands in brackets at the end explains the advice
  const advice = message.slice(at).replace(/ \([^()]*\)$/, '');
  const left = room - advice.length;
  if (at < 0 || left < 0) return shortened(`${subject}${message}`, room);
  if (left < minProblemLength) return advice.slice('; '.length);
  const problem = message.slice(0, at);
  const ofProblem = left - subject.length;
  if (ofProblem < minProblemLength) return `${shortened(`${subject}${problem}`, left)}${advice}`;
  return `${subject}${shortened(problem, ofProblem)}${advice}`;
}

/** The warning with where to read on and whom to ask, as far as there is room. */
function withHelp(warning: string, rule: string, settings: MessageSettings): string {
  const link = linkOf(settings, rule);
  const further = [
    ...(link === undefined ? [] : [`; see ${link}`]),
    ...(settings.contact === undefined ? [] : [`; ask ${settings.contact}`]),
  ];
  return further.reduce((text, more) => (text.length + more.length <= maxWarningLength ? text + more : text), warning);
}
