import { isPair, isScalar, type Node, Scalar } from 'yaml';
import { contentEnd, inlineText, lineStartOf, nextLine } from './layout.ts';
import { type CollectionNode, colonEnd, type Holder, isAbsent, type SourceText } from './source-text.ts';
import type { DeepSplice } from './splice.ts';

/** The layout of entries between a pair of brackets. */
interface FlowForm {
  /** The indentation of each entry; undefined if they are on one line. */
  readonly indent: string | undefined;
  /** The additional indentation of a nested level. */
  readonly unit: string;
  /** Whether keys and texts are in double quotes, as in JSON. */
  readonly isQuoted: boolean;
  /** The space after colons and commas if keys and texts are quoted. */
  readonly space: string;
  /** Whether there are spaces inside the brackets. */
  readonly isPadded: boolean;
}

/** Adds entries to a non-empty collection in brackets. */
export function growFlow(
  collection: CollectionNode,
  additions: Readonly<Record<string, unknown>> | readonly unknown[],
  depth: number,
  source: SourceText,
): DeepSplice[] | undefined {
  const form = formOf(collection, source);
  const entries = Array.isArray(additions)
    ? additions.map((item) => flowText(item, form, source))
    : Object.entries(additions).map(([key, value]) => memberText(key, value, form, source));
  const last: unknown = collection.items.at(-1);
  const end = endOf(isPair(last) ? (last.value ?? last.key) : last);
  if (end === undefined) return undefined;
  const insert = (at: number, text: string): DeepSplice => ({ start: at, end: at, text, depth });
  if (form.indent === undefined) return [insert(end, entries.map((entry) => `,${form.space}${entry}`).join(''))];
  const { text } = source;
  const { lineEnd } = source.layout;
  const below = nextLine(text, end);
  const [, comma] = /^[^\S\n]*(,?)[^\S\n]*(?:#.*)?\n$/.exec(text.slice(end, below)) ?? [];
  const lines = entries.map((entry) => `${form.indent}${entry}`).join(`,${lineEnd}`);
  if (comma === undefined) return [insert(end, `,${lineEnd}${lines}`)];
  return [...(comma === '' ? [insert(end, ',')] : []), insert(below, `${lines}${comma}${lineEnd}`)];
}

/** Replaces a value in a collection in brackets. */
export function replaceInFlow(
  holder: Holder,
  value: unknown,
  depth: number,
  source: SourceText,
): DeepSplice[] | undefined {
  const text = flowText(value, formOf(holder.collection, source), source);
  const { pair, value: old } = holder;
  if (!isAbsent(old, source.text)) return [{ start: old?.range?.[0] ?? 0, end: old?.range?.[1] ?? 0, text, depth }];
  const after = pair === undefined ? undefined : colonEnd(pair, source.text);
  return after === undefined ? undefined : [{ start: after, end: after, text: ` ${text}`, depth }];
}

function formOf({ range, items }: CollectionNode, { text }: SourceText): FlowForm {
  const open = range?.[0] ?? 0;
  const [first] = items as readonly unknown[];
  const head = isPair(first) ? first.key : first;
  const start = (head as Node | undefined)?.range?.[0] ?? open + 1;
  const isInLines = text.slice(open, start).includes('\n');
  const indent = blanksBefore(start, text);
  const outer = blanksBefore(open, text);
  const isQuoted = isScalar(head) && head.type === Scalar.QUOTE_DOUBLE;
  const colon = isPair(first) ? colonEnd(first, text) : undefined;
  return {
    indent: isInLines ? indent : undefined,
    unit: indent.startsWith(outer) ? indent.slice(outer.length) : '  ',
    isQuoted,
    space: isQuoted && colon !== undefined && !/\s/.test(text[colon] ?? '') ? '' : ' ',
    isPadded: text[open + 1] === ' ',
  };
}

const blanksBefore = (offset: number, text: string): string =>
  /^\uFEFF?([^\S\n]*)/.exec(text.slice(lineStartOf(text, offset), offset))?.[1] ?? '';

function memberText(key: string, value: unknown, form: FlowForm, source: SourceText): string {
  if (form.isQuoted) return `${JSON.stringify(key)}:${form.space}${flowText(value, form, source)}`;
  return `${inlineText(key, false)}: ${flowText(value, form, source)}`;
}

function flowText(
  value: unknown,
  { indent, unit, isQuoted, space, isPadded }: FlowForm,
  { layout }: SourceText,
): string {
  if (!isQuoted) return inlineText(value, isPadded);
  if (indent === undefined) return json(value, space);
  return JSON.stringify(value, undefined, unit).replaceAll('\n', `${layout.lineEnd}${indent}`);
}

/** JSON on one line, optionally with spaces after colons and commas. */
function json(value: unknown, space: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => json(item, space)).join(`,${space}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${space}${json(member, space)}`);
  return `{${members.join(`,${space}`)}}`;
}

const endOf = (node: unknown): number | undefined =>
  (node as Node | null | undefined)?.range == null ? undefined : contentEnd(node as Node);
