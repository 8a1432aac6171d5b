import {
  type AliasEvent,
  COLLECTION_STYLE,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';

/** Longer keys need a `?` before them. */
const longestKey = 1_024;

/** The indentation that is inserted before lines that may start anywhere: more than people write. */
export const indentation = 1_000;

/** A document starts with its first value, or with `---` at the start of a line. */
export function checkStart(text: string): void {
  const start = /^\s*\.\.\.(?!\S)|^[ \t]+---(?!\S)/.exec(text);
  if (start !== null) reject(text, start[0].length - 3, 'a document marker is where a value must be');
}

/** Characters that go-yaml rejects anywhere, even in comments. */
export function checkCharacters(text: string): void {
  const found = /[\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/.exec(text);
  if (found !== null) reject(text, found.index, 'control characters are not allowed');
}

/** With a byte order mark before it, `---` is text of the document above it. */
export function checkSeparators(text: string): void {
  const start = text.search(/(?<=\n)\uFEFF---/);
  if (start >= 0) reject(text, start, 'a byte order mark precedes the separator');
}

/**
 * Rejects YAML 1.2 syntax that go-yaml v2, and therefore kubectl, does not support. Throws a `YAMLException` at the
 * place. `indent` is the column of the innermost block around the scalar.
 */
export function checkScalar(event: ScalarEvent, text: string, indent: () => number): void {
  const { style, valueStart, valueEnd, fast } = event;
  checkAnchor(event, text);
  if (style === SCALAR_STYLE.DOUBLE_QUOTED && !fast) checkEscapes(text, valueStart, valueEnd);
  else if (style === SCALAR_STYLE.PLAIN && valueEnd >= 0) checkTabsBelow(text, valueEnd, indent);
  else if (style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK) checkFirstLine(event, text);
}

/** Why a name is rejected, at its start. */
export const badAnchor = 'the name of an anchor has characters other than letters, digits, _ and -';

/** Names consist of letters, digits, `_` and `-`. */
export function checkAnchor(
  { anchorStart, anchorEnd }: ScalarEvent | SequenceEvent | MappingEvent | AliasEvent,
  text: string,
): void {
  if (anchorStart >= 0 && !/^[\w-]+$/.test(text.slice(anchorStart, anchorEnd))) reject(text, anchorStart, badAnchor);
}

/** The value of a key is a block only if it starts on another line, even if it has an anchor or a tag. */
export function checkCollection(event: SequenceEvent | MappingEvent, text: string): void {
  checkAnchor(event, text);
  const { start, style } = event;
  if (style !== COLLECTION_STYLE.BLOCK) return;
  const line = text.slice(Math.max(start - 200, text.lastIndexOf('\n', start - 1) + 1), start);
  if (/\S[ \t]*:[ \t]+(?:[&!]\S*[ \t]+)*$/.test(line)) reject(text, start, 'a block starts on the line of its key');
}

/** A key without a `?` before it is short. */
export function checkKey({ valueStart, valueEnd }: ScalarEvent, text: string): void {
  if (valueEnd - valueStart > longestKey && !/\?\s+["']?$/.test(text.slice(Math.max(0, valueStart - 100), valueStart)))
    reject(text, valueStart, `a key is longer than ${longestKey} characters`);
}

/** Only spaces may separate a dash from the content of its line. */
export function checkAfterDash(text: string, offset: number): void {
  const run = /-([ \t]*)$/.exec(text.slice(Math.max(0, offset - 20), offset))?.[1];
  if (run?.includes('\t') === true) reject(text, offset, 'a tab follows the dash of a list');
}

function checkEscapes(text: string, start: number, end: number): void {
  for (const { 0: escape, index } of text.slice(start, end).matchAll(/\\(?:u[dD][89a-fA-F]|.)/gs)) {
    if (escape === '\\/') reject(text, start + index, 'unknown escape sequence');
    if (escape.length > 2)
      reject(text, start + index, 'a surrogate is not a character; write \\U0001F600 or the character');
  }
}

/** Rejects a tab within the block's indentation, in the blank lines after a plain scalar and in the line below them. */
function checkTabsBelow(text: string, end: number, indent: () => number): void {
  if (text.charCodeAt(end) === colon) return;
  blanks.lastIndex = end;
  const run = blanks.exec(text)?.[0] ?? '';
  if (!run.includes('\t')) return;
  for (const { 0: line, index } of run.matchAll(/(?<=\n)[ \t]*/g)) {
    const column = line.replace(' '.repeat(indentation), '').indexOf('\t');
    if (column >= 0 && column <= indent()) reject(text, end + index + column, 'a tab is used as indentation');
  }
}

const colon = 58;
const blanks = /[ \t\r\n]*/y;

/** In the line that sets the indentation of a block, only spaces may precede the text. */
function checkFirstLine({ valueStart, valueEnd }: ScalarEvent, text: string): void {
  const isGiven = /\d/.test(/[|>][^\n|>]*\n$/.exec(text.slice(Math.max(0, valueStart - 200), valueStart))?.[0] ?? '');
  const first = isGiven ? undefined : /^(?: *\n)* *\t/.exec(text.slice(valueStart, valueEnd));
  if (first) reject(text, valueStart + first[0].length - 1, 'a tab is used as indentation');
}

const reject = (text: string, position: number, reason: string): never => YAMLException.throwAt(text, position, reason);
