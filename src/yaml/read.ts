import { type Document, isScalar, type Node, type ParsedNode, parseAllDocuments, type YAMLError } from 'yaml';
import { type AliasTargets, aliasTargetsOf } from './aliases.ts';
import { type Chunk, chunksOf, jsonChunksOf } from './chunks.ts';
import type { Position, YamlDocument, YamlProblem } from './document.ts';
import { kubectlSchema } from './kubectl-schema.ts';
import { lineIndexOf } from './line-index.ts';
import { locate } from './locate.ts';
import { type AliasBudget, type PlainData, plainDataOf, type Remark, tooDeep } from './plain-data.ts';

/** What a text holds: the documents that can be read, and at most one problem for each of the others. */
export interface YamlStream {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly YamlProblem[];
}

/** Values that aliases may add to all documents of one stream. */
const aliasedValuesPerStream = 1_000_000;

interface Reading {
  readonly documents: YamlDocument[];
  readonly problems: YamlProblem[];
  readonly budget: AliasBudget;
  readonly positionAt: (offset: number) => Position;
}

/**
 * Reads YAML or JSON as kubectl does, so that what is judged is what the cluster would get. Documents without content
 * are left out. Never throws, whatever the text.
 */
export function readYaml(text: string): YamlStream {
  const reading: Reading = {
    documents: [],
    problems: [],
    budget: { left: aliasedValuesPerStream },
    positionAt: lineIndexOf(text),
  };
  for (const chunk of chunksOf(text)) readChunk(chunk, reading);
  return { documents: reading.documents, problems: reading.problems };
}

function readChunk(chunk: Chunk, reading: Reading): void {
  const parsed = parse(chunk.text);
  const pieces = parsed.some(({ errors }) => errors.length > 0) ? jsonChunksOf(chunk) : [];
  if (pieces.length > 0) for (const piece of pieces) readChunk(piece, reading);
  else for (const document of parsed) readDocument(document, chunk, reading);
}

function parse(text: string): Document.Parsed[] {
  const parsed = parseAllDocuments(text, {
    schema: kubectlSchema,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return 'empty' in parsed ? [] : parsed;
}

function readDocument(document: Document.Parsed, chunk: Chunk, reading: Reading): void {
  const { contents, errors } = document;
  const [error] = errors;
  const report = (offset: number, message: string): void => {
    reading.problems.push({ ...reading.positionAt(chunk.offset + offset), message });
  };
  if (error !== undefined) return report(error.pos[0], sentenceOf(error));
  if (isEmpty(contents)) return;
  const targets = aliasTargetsOf(contents);
  const data = plainDataOf(contents, targets, reading.budget);
  if (data.trouble !== undefined) return report(data.trouble.offset, data.trouble.text);
  reading.documents.push(yamlDocument(data, contents, targets, (offset) => reading.positionAt(chunk.offset + offset)));
}

function yamlDocument(
  { value, repeatedKeys }: PlainData,
  contents: Node,
  targets: AliasTargets,
  positionAt: (offset: number) => Position,
): YamlDocument {
  return {
    value,
    get start() {
      return positionAt(locate(contents, targets, ''));
    },
    get repeatedKeys() {
      return repeatedKeys.map(({ offset, text }: Remark) => ({ ...positionAt(offset), key: text }));
    },
    positionOf: (path) => positionAt(locate(contents, targets, path)),
  };
}

/** Comments alone, or nothing at all. */
function isEmpty(contents: ParsedNode | null): contents is null {
  return contents === null || (isScalar(contents) && contents.source === '' && contents.type === 'PLAIN');
}

/**
 * The library's words as a clause of ours, without what it quotes of the text, for that may be part of a secret. A stack
 * overflow is how it reports a document that is nested too deeply.
 */
function sentenceOf({ code, message }: YAMLError): string {
  if (code === 'RESOURCE_EXHAUSTION') return tooDeep;
  if (code === 'TAG_RESOLVE_FAILED') return 'this tag is not known here';
  const clause = message.replace(/(?:: | \\).*$/s, '').replace(/[.:]$/, '');
  return clause.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}
