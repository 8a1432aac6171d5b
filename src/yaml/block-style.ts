import type { ListNode, MapNode, ScalarNode, YamlNode } from './nodes.ts';

/**
 * Reads the YAML that manifests are mostly written in: maps and lists in block style, and values on one line. Returns
 * the same nodes as the complete parser in a fifth of its time, or undefined if the text has anything else.
 */
export function blockNodeOf(text: string): YamlNode | undefined {
  if (other.test(text)) return undefined;
  const lines: Lines = { text, start: 0, column: 0, next: text.startsWith('---\n') ? 4 : 0, depth: 0 };
  goOn(lines);
  const node = lines.column < 0 ? undefined : readBlock(lines);
  return lines.column < 0 ? node : undefined;
}

/** Characters that some part of YAML treats in a special way: control characters, special spaces and line ends. */
const other = /[^\n -~\u00A1-\u167F\u2010-\u2027\u2030-\u205E\u2190-\u2BFF\u3040-\uD7FF]/;

/** The unread part of a text. */
interface Lines {
  readonly text: string;
  /** The first unread character that is not a space. */
  start: number;
  /** The column of that character; negative at the end of the text. */
  column: number;
  /** The start of the line after it. */
  next: number;
  depth: number;
}

/** Deeper nesting is left to the complete parser, which reports it. */
const maxDepth = 100;

/** The complete parser reports longer keys. */
const maxKey = 1_000;

const [newLine, space, hash, dash, colon, quote, apostrophe] = [10, 32, 35, 45, 58, 34, 39];

/** Goes on to the next line with content. */
function goOn(lines: Lines): void {
  const { text } = lines;
  while (lines.next < text.length) {
    const line = lines.next;
    const start = afterSpaces(text, line);
    const code = text.charCodeAt(start);
    lines.next = lineEnd(text, start) + 1;
    if (code === newLine || code === hash || start === text.length) continue;
    lines.start = start;
    lines.column = start - line;
    return;
  }
  lines.column = -1;
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space) at++;
  return at;
}

/** Whether the character is the last one of its word. */
const endsWord = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at + 1);
  return code === space || code === newLine || Number.isNaN(code);
};

const isItem = ({ text, start }: Lines): boolean => text.charCodeAt(start) === dash && endsWord(text, start);

function readBlock(lines: Lines): YamlNode | undefined {
  if (lines.depth === maxDepth) return undefined;
  lines.depth++;
  const node = isItem(lines) ? readList(lines) : readMap(lines);
  lines.depth--;
  return node;
}

function readMap(lines: Lines): MapNode | undefined {
  const { start: offset, column, text } = lines;
  const pairs: { key: YamlNode; value: YamlNode }[] = [];
  while (lines.column === column) {
    const end = keyEnd(text, lines.start);
    if (end === undefined) return undefined;
    const key = scalar(lines.start, text.slice(lines.start, end), true);
    const value = readValue(lines, end + 1, column, true);
    if (value === undefined) return undefined;
    pairs.push({ key, value });
  }
  return lines.column > column ? undefined : { kind: 'map', offset, tag: undefined, pairs };
}

function readList(lines: Lines): ListNode | undefined {
  const { start: offset, column, text } = lines;
  const items: YamlNode[] = [];
  while (lines.column === column && isItem(lines)) {
    const content = afterSpaces(text, lines.start + 1);
    const isBlock =
      keyEnd(text, content) !== undefined || (text.charCodeAt(content) === dash && endsWord(text, content));
    if (isBlock) {
      lines.column += content - lines.start;
      lines.start = content;
    }
    const item = isBlock ? readBlock(lines) : readValue(lines, content, column, false);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return lines.column > column ? undefined : { kind: 'list', offset, tag: undefined, items };
}

/** The colon after a key at this place; undefined if there is no simple key. */
function keyEnd(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) <= lastMark) return undefined;
  let at = start;
  while (isOfKey(text.charCodeAt(at))) at++;
  return at > start && at - start < maxKey && text.charCodeAt(at) === colon && endsWord(text, at) ? at : undefined;
}

/** Of `-`, `.` and `/`, which are not the start of a simple key. */
const lastMark = 47;

/** Letters, digits, `_`, `-`, `.` and `/`. */
const isOfKey = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 45 && code <= 57) || code === 95;

/** The value after a key or a dash: on its line, or the block below. */
function readValue(lines: Lines, from: number, column: number, mayBeList: boolean): YamlNode | undefined {
  const { text } = lines;
  const start = afterSpaces(text, from);
  const code = text.charCodeAt(start);
  if (code === newLine || code === hash || start === text.length) {
    goOn(lines);
    const hasBlock = lines.column > column || (mayBeList && lines.column === column && isItem(lines));
    return hasBlock ? readBlock(lines) : scalar(-1, '', true);
  }
  const value = valueAt(text, start, code);
  goOn(lines);
  // it goes on in the next line
  return lines.column > column ? undefined : value;
}

function valueAt(text: string, start: number, code: number): YamlNode | undefined {
  if (code === quote || code === apostrophe) return quoted(text, start, code);
  const rest = text.slice(start, lineEnd(text, start));
  if (rest.startsWith('{}') && isOver(rest, 2)) return { kind: 'map', offset: start, tag: undefined, pairs: [] };
  if (rest.startsWith('[]') && isOver(rest, 2)) return { kind: 'list', offset: start, tag: undefined, items: [] };
  const comment = rest.indexOf(' #');
  const value = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  const isPlain = /^(?:[\w./$(~+=^;\\]|-(?! |$))/.test(value) && !/:(?: |$)/.test(value);
  return isPlain ? scalar(start, value, true) : undefined;
}

/** A text in quotes without escapes. */
function quoted(text: string, start: number, mark: number): ScalarNode | undefined {
  const end = text.indexOf(mark === quote ? '"' : "'", start + 1);
  const line = lineEnd(text, start);
  if (end < 0 || end > line) return undefined;
  const value = text.slice(start + 1, end);
  if (value.includes('\\') || !isOver(text.slice(end, line), 1)) return undefined;
  return scalar(start, value, false);
}

/** Whether at most a comment follows. */
const isOver = (rest: string, at: number): boolean => /^ *$|^ +#/.test(rest.slice(at));

const scalar = (offset: number, text: string, isPlain: boolean): ScalarNode => ({
  kind: 'scalar',
  offset,
  tag: undefined,
  text,
  isPlain,
});
