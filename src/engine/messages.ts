import { fieldPath, type Pointer } from '../patch/pointer.ts';
import type { EvaluatedFinding } from './evaluate.ts';
import { quoted, quotedNames } from './quoted.ts';
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

/** The text of a denial: what is refused, one entry per finding, wrapped for a terminal, and where to read on. */
export function denialMessage(object: DisplayedObject, denied: readonly JudgedFinding[]): string {
  const rules = new Set(denied.map(({ rule }) => rule.id));
  const lines = [`${titleOf(object)} is refused by ${rules.size} ${rules.size === 1 ? 'rule' : 'rules'}:`];
  for (const finding of denied.slice(0, maxSpelledOut)) {
    lines.push(...wrapped(`${sentenceOf(finding)} (${finding.rule.id})`));
    lines.push(`    ${shortened(fieldPath(`${object.podPath}${finding.path}`), maxPathLength)}`);
  }
  const left = countOf(denied.slice(maxSpelledOut));
  if (left > 0) lines.push(`  and ${left} more`);
  lines.push(`Why and how: podwright explain ${denied[0]?.rule.id}`);
  return lines.join('\n');
}

/** Lines of at most 100 columns, the first indented by two, the others by four. */
function wrapped(text: string): string[] {
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
export function warningsOf(findings: readonly EvaluatedFinding[]): string[] {
  const groups = Map.groupBy(findings, ({ rule, message }) => `${rule.id} ${message}`);
  const texts = [...groups.values()].map((group) => {
    const [first] = group as [EvaluatedFinding, ...EvaluatedFinding[]];
    const names = group.flatMap(({ container }) => container ?? []);
    const subject = `${names.length > 1 ? 'containers' : 'container'} ${quotedNames(names)}`;
    return warningText(names.length === 0 ? first.message : `${subject}: ${first.message}`, first.rule.id);
  });
  const shown = texts.length > maxWarnings ? texts.slice(0, maxWarnings - 1) : texts;
  const left = texts.length - shown.length;
  return left === 0 ? shown : [...shown, `and ${left} more; see them all with podwright audit`];
}

function warningText(text: string, rule: string): string {
  const room = maxWarningLength - rule.length - ' ()'.length;
  const clean = text.replaceAll(/\p{Cc}+/gu, ' ');
  return `${shortened(clean, room)} (${rule})`;
}
