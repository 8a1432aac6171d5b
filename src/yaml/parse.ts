import { YAMLException } from 'js-yaml';
import { blockNodeOf } from './block-style.ts';
import { type FirstDocument, firstDocumentOf } from './nodes.ts';
import { badAnchor, checkCharacters, checkSeparators, checkStart, indentation } from './strictness.ts';

/** The first document of a text, and the mapping of its nodes' offsets to the text. */
export interface ParsedText extends FirstDocument {
  readonly offsetInText: (offset: number) => number;
}

/** The text that is parsed instead of the given one. */
interface Attempt {
  readonly text: string;
  /** Inserted spaces, from the start of the text to its end. */
  readonly insertions: readonly Insertion[];
  /** The first character that was cut off, if any was. */
  readonly cut?: string | undefined;
}

interface Insertion {
  readonly at: number;
  readonly length: number;
}

/** Each one requires another pass. */
const maxInsertions = 500;

/**
 * Parses the text as kubectl reads it, which is slightly more than YAML 1.2 allows: a copy is corrected, without
 * changing values, until the parser accepts it. Throws a `YAMLException`; its `mark.position` refers to the given text.
 */
export function parseText(given: string, isStrict = true): ParsedText {
  const block = isStrict ? blockNodeOf(given) : undefined;
  if (block !== undefined) return { node: block, hasMore: false, offsetInText: (offset) => offset };
  let attempt: Attempt = { text: withLineFeeds(given), insertions: [] };
  for (;;) {
    const { text, insertions, cut } = attempt;
    const offsetInText = (offset: number): number => withoutInsertions(offset, insertions);
    try {
      if (isStrict) {
        checkCharacters(text);
        checkStart(text);
      }
      const first = firstDocumentOf(text, isStrict);
      if (isStrict && first.hasMore) checkSeparators(text);
      return { ...first, hasMore: first.hasMore || (cut !== undefined && cut !== '%'), offsetInText };
    } catch (error) {
      if (!(error instanceof YAMLException) || error.mark === undefined) throw error;
      const next = nextAttempt(attempt, error.reason, error.mark.position);
      if (next === undefined) {
        error.mark.position = offsetInText(error.mark.position);
        throw error;
      }
      attempt = next;
    }
  }
}

/** A lone carriage return and Latin-1's next line (U+0085) end a line. */
const withLineFeeds = (text: string): string =>
  /\r(?!\n)|\u0085/.test(text) ? text.replaceAll(/\r(?!\n)|\u0085/g, '\n') : text;

const documentEnd = /^\.\.\.(?=[ \t\n]|$)/m;

/** Undefined if no correction helps: kubectl rejects the text as well. */
function nextAttempt(attempt: Attempt, reason: string, position: number): Attempt | undefined {
  const { text } = attempt;
  // content after the end of the document is ignored
  const end = text.search(documentEnd);
  if (end >= 0 && end < position) return { ...attempt, text: text.slice(0, end), cut: text[end] };
  const lineStart = text.lastIndexOf('\n', position - 1) + 1;
  // tabs may precede a list or map in brackets, and stand anywhere in it
  const tabs = /(?<=:)[ \t]*\t[ \t]*(?=(?:[&!]\S*[ \t]+)*[[{]?$)|(?<=\S)[ \t]*\t[ \t]*$/.exec(
    text.slice(lineStart, position),
  );
  if (reason === 'deficient indentation' && tabs !== null)
    return inserted(attempt, lineStart + tabs.index, tabs[0].length, tabs[0].length);
  // lines inside quotes or brackets may start at any column; white space is folded there
  if (reason === 'deficient indentation')
    return /^(?:---|\.\.\.)(?!\S)/.test(text.slice(lineStart)) ? undefined : inserted(attempt, lineStart, indentation);
  // an apostrophe may be escaped
  if (reason === 'unknown escape sequence' && text[position] === "'") return inserted(attempt, position - 1, 0, 1);
  // a comment may directly follow quotes, brackets and commas
  if (text[position] === '#') return inserted(attempt, position, 1);
  // the name of an anchor or alias ends before punctuation
  if (reason === badAnchor) {
    const name = /^[\w-]+(?=[?:,\]}%@`])/.exec(text.slice(position));
    return name === null ? undefined : inserted(attempt, position + name[0].length, 1);
  }
  // the name of an alias ends before a colon
  const alias = /\*[\w-]+(?=:\s*$)/.exec(text.slice(lineStart, position));
  if (alias !== null) return inserted(attempt, lineStart + alias.index + alias[0].length, 1);
  // content after the first value is ignored
  if (
    reason === 'end of the stream or a document separator is expected' &&
    attempt.cut === undefined &&
    endsBefore(text, position)
  )
    return { ...attempt, text: text.slice(0, position), cut: text[position] };
  return undefined;
}

/** Inserts a number of spaces in place of a number of characters. */
function inserted(attempt: Attempt, at: number, length: number, instead = 0): Attempt | undefined {
  const { text, insertions } = attempt;
  const isOfNoUse = insertions.length === maxInsertions || insertions.some((earlier) => earlier.at === at);
  if (isOfNoUse) return undefined;
  return {
    ...attempt,
    text: `${text.slice(0, at)}${' '.repeat(length)}${text.slice(at + instead)}`,
    insertions: [...insertions, { at, length: length - instead }],
  };
}

/** Whether the content here is outdented from the document's block; or the document is not a block. */
function endsBefore(text: string, position: number): boolean {
  const first = /^(?:\uFEFF|[ \t]*(?:#[^\n]*|---[^\n]*)?\n)*( *)([[{"'|>]?)/.exec(text);
  const [, indent = '', opening = ''] = first ?? [];
  const column = position - text.lastIndexOf('\n', position - 1) - 1;
  return opening !== '' || column < indent.length || (text[position] === '%' && column === 0);
}

function withoutInsertions(offset: number, insertions: readonly Insertion[]): number {
  let result = offset;
  for (const { at, length } of insertions) if (offset > at) result -= Math.min(length, offset - at);
  return result;
}
