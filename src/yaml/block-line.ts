import type { ScalarNode, YamlNode } from './nodes.ts';

/** The codes of characters that structure a text. */
export const [newLine, hash, dash] = [10, 35, 45] as const;
const [space, quote, apostrophe, colon] = [32, 34, 39, 58] as const;

/** The complete parser reports longer keys. */
const maxKey = 1_000;

/** The end of the line of a place. */
export const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/** The first character that is not a space. */
export function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === space) at++;
  return at;
}

/** Whether the character is the last one of its word. */
export const endsWord = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at + 1);
  return code === space || code === newLine || Number.isNaN(code);
};

/** The colon after a key at this place; undefined if there is no simple key. */
export function keyEnd(text: string, start: number): number | undefined {
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

/** The value that is written from here to the end of the line; undefined if it is not a simple one. */
export function lineValueAt(text: string, start: number, code: number): YamlNode | undefined {
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

/** A node without a tag. */
export const scalar = (offset: number, text: string, isPlain: boolean): ScalarNode => ({
  kind: 'scalar',
  offset,
  tag: undefined,
  text,
  isPlain,
});
