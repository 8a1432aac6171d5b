/** A part of a stream that is parsed by itself. */
export interface Chunk {
  readonly text: string;
  /** Where it starts in the stream. */
  readonly offset: number;
}

/**
 * Cuts a stream before every line that starts a document (`---`), as kubectl does, so that an unclosed quote or
 * bracket in one document does not swallow those after it. No YAML value can hold such a line.
 */
export function chunksOf(stream: string): Chunk[] {
  const cuts = [0, ...[...stream.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index), stream.length];
  return cuts.slice(1).flatMap((end, i) => {
    const offset = cuts[i] ?? 0;
    return end > offset ? [{ text: stream.slice(offset, end), offset }] : [];
  });
}

/** JSON objects one after the other, which kubectl reads too; nothing if the chunk is anything else. */
export function jsonChunksOf({ text, offset }: Chunk): Chunk[] {
  const chunks: Chunk[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth !== 0 || token.startsWith('"')) continue;
    chunks.push({ text: text.slice(start, index + 1), offset: offset + start });
    start = index + 1;
  }
  const rest = text.slice(start);
  return chunks.length > 1 && rest.trim() === '' && chunks.every((chunk) => isJson(chunk.text)) ? chunks : [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // the one way to ask
    return false;
  }
}
