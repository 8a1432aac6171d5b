import { YAMLException } from 'js-yaml';
import { type Chunk, chunksOf } from './chunks.ts';
import type { Position, YamlDocument, YamlProblem } from './document.ts';
import { mayBeJson, readJsonStream } from './json-stream.ts';
import { lineIndexOf } from './line-index.ts';
import { locate } from './locate.ts';
import type { YamlNode } from './nodes.ts';
import { type ParsedText, parseText } from './parse.ts';
import { type AliasBudget, plainDataOf, tooDeep } from './plain-data.ts';
import { repeatedKeysOf } from './repeated-keys.ts';

/** The content of a text: the valid documents, and at most one problem for each of the others. */
export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** The values that aliases may add to all documents of one stream. */
const aliasedValuesPerStream = 1_000_000;

const badSeparator = 'nothing but a comment may follow --- on its line';

/** One document of a stream, or the problem with it. */
export type YamlPart = { readonly document: YamlDocument } | { readonly problem: YamlProblem };

interface Reading {
  readonly budget: AliasBudget;
  readonly positionAt: (offset: number) => Position;
}

/**
 * Reads YAML or JSON as kubectl does, so that the evaluated data is the same as in the cluster. Documents without
 * content are skipped. Never throws, regardless of the text.
 */
export function readYaml(text: string): YamlStream {
  const documents: YamlDocument[] = [];
  const problems: YamlProblem[] = [];
  for (const part of yamlParts(text)) {
    if ('document' in part) documents.push(part.document);
    else problems.push(part.problem);
  }
  return { documents, problems };
}

/**
 * The same part by part, so that a large stream is never held as data. Documents whose texts are not wanted are not
 * parsed.
 */
export function* yamlParts(text: string, isWanted: (text: string) => boolean = () => true): Generator<YamlPart> {
  const reading: Reading = { budget: { left: aliasedValuesPerStream }, positionAt: lineIndexOf(text) };
  const rest = mayBeJson(text) ? yield* readJson(text, reading) : 0;
  if (rest === undefined) return;
  for (const chunk of chunksOf(text, rest)) {
    if ('rejectedAt' in chunk) yield problemAt(reading.positionAt(chunk.rejectedAt), badSeparator);
    else if (isWanted(chunk.text)) yield* readChunk(chunk, reading);
  }
}

const problemAt = (position: Position, message: string): YamlPart => ({ problem: { ...position, message } });

/** Reads as much JSON as possible. Returns where YAML continues, which kubectl allows after one value at most. */
function* readJson(text: string, reading: Reading): Generator<YamlPart, number | undefined> {
  const { parts, rest } = readJsonStream(text);
  for (const { text: json, offset, value } of parts) {
    let node: YamlNode | undefined;
    const parse = (): YamlNode | undefined => (node ??= parseText(json, false).node);
    yield { document: documentOf(value, parse, (at) => reading.positionAt(offset + at)) };
  }
  if (rest === undefined || parts.length < 2) return rest;
  const start = rest + text.slice(rest).search(/\S/);
  yield problemAt(reading.positionAt(start), 'neither the end of the file nor a JSON object');
  return undefined;
}

function* readChunk({ text, offset }: Chunk, reading: Reading): Generator<YamlPart> {
  const report = (at: number, message: string): YamlPart => problemAt(reading.positionAt(offset + at), message);
  let parsed: ParsedText;
  try {
    parsed = parseText(text);
  } catch (error) {
    const { position, message } = problemOf(error);
    return yield report(position, message);
  }
  const { node, hasMore, offsetInText } = parsed;
  if (node === undefined) return;
  const { value, trouble } = plainDataOf(node, reading.budget);
  if (trouble !== undefined) return yield report(offsetInText(trouble.offset), trouble.text);
  const positionAt = (at: number): Position => reading.positionAt(offset + offsetInText(at));
  yield { document: documentOf(value, () => node, positionAt, hasMore) };
}

/** A document whose nodes are created on demand. */
function documentOf(
  value: unknown,
  nodes: () => YamlNode | undefined,
  positionAt: (offset: number) => Position,
  hasMore = false,
): YamlDocument {
  return {
    value,
    hasMore,
    get start() {
      return positionAt(nodes()?.offset ?? 0);
    },
    get repeatedKeys() {
      return repeatedKeysOf(nodes()).map(({ offset, text }) => ({ ...positionAt(offset), key: text }));
    },
    positionOf(path) {
      const node = nodes();
      return positionAt(node === undefined ? 0 : locate(node, path));
    },
  };
}

/** The problem without the library's quotation of the text, which may be part of a secret. */
function problemOf(error: unknown): { readonly position: number; readonly message: string } {
  // the parser has regular expressions that a token of megabytes overflows
  if (error instanceof RangeError) return { position: 0, message: 'a name in it is too long' };
  if (!(error instanceof YAMLException)) throw error;
  const { reason, mark } = error;
  const message = reason.startsWith('nesting exceeded') ? tooDeep : reason.replace(/(?:: | for "| ").*$/s, '');
  return { position: mark?.position ?? 0, message };
}
