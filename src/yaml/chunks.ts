/** A part of a stream that is parsed separately. */
export interface Chunk {
  readonly text: string;
  /** Its start in the stream. */
  readonly offset: number;
}

/** A line that starts with `---` followed by something other than a comment, which kubectl rejects. */
export interface RejectedSeparator {
  readonly rejectedAt: number;
}

/**
 * Cuts a stream at every line that starts with `---`, as kubectl does, so that an unclosed quote or bracket in one
 * document does not affect the next. `from` is the start of the first document.
 */
export function* chunksOf(stream: string, from = 0): Generator<Chunk | RejectedSeparator> {
  let start = from;
  const separator = /(?<![^\n])---([^\n]*)\n?/g;
  separator.lastIndex = from;
  for (let found = separator.exec(stream); found !== null; found = separator.exec(stream)) {
    const [line, rest = ''] = found;
    // a separator with nothing before it belongs to the document after it, which then has no byte order mark
    if (found.index > start) {
      yield { text: stream.slice(start, found.index), offset: start };
      start = found.index + line.length;
    }
    if (!/^\s*[^\s#]/.test(rest)) continue;
    yield { rejectedAt: found.index };
    const next = stream.indexOf('\n---', found.index);
    start = next < 0 ? stream.length : next + 1;
    separator.lastIndex = start;
  }
  if (start < stream.length) yield { text: stream.slice(start), offset: start };
}
