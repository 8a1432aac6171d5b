import { isCollection, isPair, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Layout, layoutOf, nextLine } from './layout.ts';
import type { DeepSplice } from './splice.ts';

export type CollectionNode = YAMLMap | YAMLSeq;

/** The holder of a value: a member of a map or an element of a list. */
export interface Holder {
  readonly collection: CollectionNode;
  /** The pair in a map. */
  readonly pair?: Pair;
  /** The value itself; null for a key without one. */
  readonly value: Node | null;
}

/** The text of a document with everything needed to edit it. */
export interface SourceText {
  readonly text: string;
  readonly layout: Layout;
  /** The holder of a collection; undefined for the outermost one. */
  holderOf(collection: CollectionNode): Holder | undefined;
}

export function sourceTextOf(text: string, contents: Node): SourceText {
  let holders: Map<unknown, Holder> | undefined;
  return {
    text,
    layout: layoutOf(contents, text),
    holderOf: (collection) => (holders ??= holdersIn(contents)).get(collection),
  };
}

function holdersIn(contents: Node): Map<unknown, Holder> {
  const holders = new Map<unknown, Holder>();
  visit(contents, {
    Collection(_key, value, path) {
      const above = path.at(-1);
      const collection = path.findLast(isCollection);
      if (collection !== undefined) holders.set(value, { collection, ...(isPair(above) && { pair: above }), value });
    },
  });
  return holders;
}

/** Lines to insert below the line in which something ends. */
export function linesBelow(
  end: number,
  lines: readonly string[],
  depth: number,
  { text, layout }: SourceText,
): DeepSplice {
  const at = nextLine(text, end);
  if (text[at - 1] !== '\n')
    return { start: at, end: at, text: lines.map((line) => layout.lineEnd + line).join(''), depth };
  const lineEnd = text[at - 2] === '\r' ? '\r\n' : '\n';
  return { start: at, end: at, text: lines.map((line) => line + lineEnd).join(''), depth };
}

/** The position after a pair's colon. */
export function colonEnd({ key }: Pair, text: string): number | undefined {
  const end = (key as Node | null)?.range?.[1];
  if (end === undefined) return undefined;
  const colon = /\s*:/y;
  colon.lastIndex = end;
  return colon.test(text) ? colon.lastIndex : undefined;
}

/** Whether the value is omitted. */
export const isAbsent = (value: Node | null, text: string): boolean =>
  value?.range == null || text.slice(value.range[0], value.range[1]) === '';
