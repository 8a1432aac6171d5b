import { isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { commentsOf } from './comments.ts';
import { blockLines, contentEnd, indentOf, inlineText, isBlock } from './layout.ts';
import { colonEnd, type Holder, isAbsent, linesBelow, type SourceText } from './source-text.ts';
import type { DeepSplice } from './splice.ts';

/** Adds members to a block map. */
export function growBlockMap(map: Node, members: object, depth: number, source: SourceText): DeepSplice[] {
  const indent = indentOf(map, source.text);
  const lines = Object.entries(members).flatMap(([key, value]) => blockLines({ [key]: value }, source.layout));
  return [linesBelow(contentEnd(map), indented(lines, indent), depth, source)];
}

/** Adds elements to a block list. */
export function growBlockList(list: Node, items: readonly unknown[], depth: number, source: SourceText): DeepSplice[] {
  const indent = indentOf(list, source.text);
  const lines = items.flatMap((item) => blockLines([item], source.layout));
  return [linesBelow(contentEnd(list), indented(lines, indent), depth, source)];
}

/** Replaces a value in a block collection; undefined if that is not supported. */
export function replaceInBlock(
  holder: Holder,
  value: unknown,
  depth: number,
  source: SourceText,
): DeepSplice[] | undefined {
  const { pair, value: old } = holder;
  const { text } = source;
  const after = pair === undefined ? undefined : colonEnd(pair, text);
  if (!isStoredInLines(value)) {
    if (!isAbsent(old, text)) return replaceWithInline(old, inlineText(value, false), depth, source);
    return after === undefined
      ? undefined
      : [{ start: after, end: after, text: ` ${inlineText(value, false)}`, depth }];
  }
  if (isBlock(old))
    return (Array.isArray(value) ? isSeq(old) : isMap(old)) ? rewrite(old, value, depth, source) : undefined;
  if (isBlockScalar(old)) return undefined;
  if (after === undefined) return old === null ? undefined : rewrite(old, value, depth, source);
  const indent = indentOf(holder.collection, text) + ' '.repeat(stepFor(value, source));
  const lines = indented(blockLines(value, source.layout), indent);
  if (isAbsent(old, text)) return [linesBelow(after, lines, depth, source)];
  const { start, end } = withBlanksBefore(old, text);
  return [{ start, end, text: '', depth }, linesBelow(end, lines, depth, source)];
}

/** Lists of plain values are short, so they replace the empty list in place. */
function isStoredInLines(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function replaceWithInline(
  old: Node | null,
  inline: string,
  depth: number,
  { text }: SourceText,
): DeepSplice[] | undefined {
  const range = old?.range;
  if (range == null || isBlock(old)) return undefined;
  const ending = isBlockScalar(old) ? (/\r?\n$/.exec(text.slice(range[0], range[1]))?.[0] ?? '') : '';
  return [{ start: range[0], end: range[1], text: inline + ending, depth }];
}

/** Rewrites all lines of a collection in place, below the comments that were among them. */
function rewrite(old: Node, value: object, depth: number, source: SourceText): DeepSplice[] {
  const { text, layout } = source;
  const start = old.range?.[0] ?? 0;
  const end = start + text.slice(start, contentEnd(old)).trimEnd().length;
  const lines = [...commentsOf(text.slice(start, end)), ...blockLines(value, layout)];
  return [{ start, end, text: lines.join(`${layout.lineEnd}${indentOf(old, text)}`), depth }];
}

function stepFor(value: object, { layout }: SourceText): number {
  return Array.isArray(value) && !layout.indentsLists ? 0 : layout.step;
}

function withBlanksBefore(node: Node | null, text: string): { start: number; end: number } {
  const [start = 0, end = 0] = node?.range ?? [];
  return { start: text.slice(0, start).trimEnd().length, end };
}

const isBlockScalar = (node: unknown): node is Scalar =>
  isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');

const indented = (lines: readonly string[], indent: string): string[] =>
  lines.map((line) => (line === '' ? line : indent + line));
