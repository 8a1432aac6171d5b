import { isScalar, type Node, parseAllDocuments } from 'yaml';
import type { Position } from '../document.ts';
import { readYaml } from '../read.ts';

/** A part of a stream that is parsed separately, so that edits in it affect nothing elsewhere. */
export interface Passage {
  readonly text: string;
  /** Its start in the stream. */
  readonly offset: number;
}

/** One of the documents in a passage, as nodes. */
export interface PassageDocument {
  readonly passage: Passage;
  /** The data of all documents in the passage, and the index of this one. */
  readonly values: readonly unknown[];
  readonly index: number;
  readonly contents: Node;
}

/** Converts positions in a text to offsets. */
export function offsetsOf(text: string): (place: Position) => number {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return ({ line, column }) => (lineStarts[line - 1] ?? 0) + column - 1;
}

/** Finds the passage around an offset. */
export function passagesOf(stream: string): (offset: number) => Passage {
  const cuts = [0, ...[...stream.matchAll(/^---/gm)].map(({ index }) => index), stream.length];
  return (offset) => {
    const json = jsonAt(stream, offset);
    if (json !== undefined) return { text: json, offset };
    const next = cuts.findIndex((cut) => cut > offset);
    const [start, end] = next < 0 ? [0, stream.length] : [cuts[next - 1] ?? 0, cuts[next]];
    return { text: stream.slice(start, end), offset: start };
  };
}

/** The JSON value that starts at an offset; undefined for anything else. */
function jsonAt(stream: string, start: number): string | undefined {
  if (stream[start] !== '{' && stream[start] !== '[') return undefined;
  const tokens = /"(?:[^"\\]|\\.)*"?|[[\]{}]/gs;
  tokens.lastIndex = start;
  let depth = 0;
  for (let found = tokens.exec(stream); found !== null; found = tokens.exec(stream)) {
    const [token] = found;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth === 0) return jsonOnly(stream.slice(start, tokens.lastIndex));
  }
  return undefined;
}

function jsonOnly(text: string): string | undefined {
  try {
    JSON.parse(text);
    return text;
  } catch {
    // the only way to find out
    return undefined;
  }
}

/** The document that starts at a position of the stream; undefined if it cannot be identified. */
export function documentIn(passage: Passage, offset: number): PassageDocument | undefined {
  const { documents } = readYaml(passage.text);
  const offsetIn = offsetsOf(passage.text);
  const index = documents.findLastIndex(({ start }) => passage.offset + offsetIn(start) <= offset);
  const parsed = nodesOf(passage.text);
  const contents = parsed.length === documents.length ? parsed[index] : undefined;
  return contents && { passage, values: documents.map(({ value }) => value), index, contents };
}

/**
 * The non-empty documents of a text. Errors are ignored, because kubectl accepts some that this parser reports, and the
 * result is verified anyway.
 */
function nodesOf(text: string): Node[] {
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if ('empty' in parsed) return [];
  return parsed.flatMap(({ contents }) => (contents === null || isEmpty(contents) ? [] : [contents]));
}

const isEmpty = (node: Node): boolean => isScalar(node) && node.source === '' && node.type === 'PLAIN';
