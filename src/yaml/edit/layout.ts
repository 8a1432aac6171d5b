import { Document, isCollection, isMap, isPair, isSeq, type Node, visit } from 'yaml';

/** The layout of a document, for matching additions to it. */
export interface Layout {
  /** The indentation of a nested map, in spaces. */
  readonly step: number;
  /** Whether lists are indented below their keys. */
  readonly indentsLists: boolean;
  readonly lineEnd: string;
}

/** The layout that the document shows first, or else that of kubectl's output. */
export function layoutOf(contents: Node, text: string): Layout {
  let step: number | undefined;
  let listStep: number | undefined;
  visit(contents, {
    Pair(_key, { value }, path) {
      const map = path.findLast((node) => isMap(node));
      if (!isBlock(map) || !isBlock(value)) return undefined;
      const by = columnOf(value, text) - columnOf(map, text);
      if (isMap(value) && by > 0) step ??= by;
      if (isSeq(value)) listStep ??= by;
      return step !== undefined && listStep !== undefined ? visit.BREAK : undefined;
    },
  });
  return { step: step ?? 2, indentsLists: (listStep ?? 0) > 0, lineEnd: /\r?\n/.exec(text)?.[0] ?? '\n' };
}

/** Whether it is a block collection, without brackets. */
export function isBlock(node: unknown): node is Node & { readonly items: readonly unknown[] } {
  return isCollection(node) && node.flow !== true;
}

export function lineStartOf(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The indentation of a block collection. It may start after the dashes of enclosing lists. */
const columnOf = (node: Node, text: string): number => indentOf(node, text).length;

/** The prefix of further lines in a block collection. */
export function indentOf({ range }: Node, text: string): string {
  const start = range?.[0] ?? 0;
  const before = text.slice(lineStartOf(text, start), start).replace(/^\uFEFF/, '');
  return (/^\s*(?:[-?:]\s+)*/.exec(before)?.[0] ?? '').replaceAll(/[^\t]/g, ' ');
}

/** Plain data as the lines of a block, without indentation. */
export function blockLines(value: unknown, { step, indentsLists }: Layout): string[] {
  const text = documentOf(value).toString({ lineWidth: 0, indent: step, indentSeq: indentsLists });
  return text.replace(/\n$/, '').split('\n');
}

/** Plain data in one line, optionally with spaces inside braces. */
export function inlineText(value: unknown, isPadded: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => inlineText(item, isPadded)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalarText(value);
  const members = Object.entries(value).map(([key, member]) => `${scalarText(key)}: ${inlineText(member, isPadded)}`);
  if (members.length === 0) return '{}';
  return isPadded ? `{ ${members.join(', ')} }` : `{${members.join(', ')}}`;
}

function scalarText(value: unknown): string {
  // these end a text inside brackets
  if (typeof value === 'string' && /[,[\]{}\n]/.test(value)) return JSON.stringify(value);
  return documentOf(value).toString({ lineWidth: 0 }).trimEnd();
}

/** Numbers to kubectl that YAML 1.1 treats as text. */
const furtherNumber = /^[-+]?(?:0[oO][0-7]+|\d+[eE][-+]?\d+)$/;

/** Text is quoted if kubectl, or another YAML 1.1 parser, would read it as a boolean or a number. */
function documentOf(value: unknown): Document {
  const document = new Document(value, { schema: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && furtherNumber.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document;
}

/** The end of a node's content; only spaces and comments follow. */
export function contentEnd(node: Node): number {
  if (isBlock(node)) {
    const last = node.items.at(-1);
    const end = isPair(last) ? pairEnd(last) : nodeEnd(last);
    if (end !== undefined) return end;
  }
  return node.range?.[1] ?? 0;
}

function pairEnd({ key, value }: { readonly key: unknown; readonly value: unknown }): number | undefined {
  return nodeEnd(value) ?? nodeEnd(key);
}

const nodeEnd = (node: unknown): number | undefined =>
  (node as Node | null | undefined)?.range == null ? undefined : contentEnd(node as Node);

/** The start of the next line; the end of the text if there is none. */
export function nextLine(text: string, end: number): number {
  // a block scalar ends with its line
  if (end > 0 && text[end - 1] === '\n') return end;
  const lineEnd = text.indexOf('\n', end);
  return lineEnd === -1 ? text.length : lineEnd + 1;
}
