/** A part of a stream that is parsed by itself. */
export interface Chunk {
  readonly text: string;
  /** Where it starts in the stream. */
  readonly offset: number;
}

/** A line that starts with `---` and goes on with something other than a comment, which kubectl refuses. */
export interface RefusedSeparator {
  readonly refusedAt: number;
}

/**
 * Cuts a stream at every line that starts with `---`, as kubectl does, so that an unclosed quote or bracket in one
 * document does not swallow those after it. `from` is where the first of them starts.
 */
export function* chunksOf(stream: string, from = 0): Generator<Chunk | RefusedSeparator> {
  let start = from;
  const separator = /(?<![^\n])---([^\n]*)\n?/g;
  separator.lastIndex = from;
  for (let found = separator.exec(stream); found !== null; found = separator.exec(stream)) {
    const [line, rest = ''] = found;
    // one that nothing stands before is a part of what follows it: it has no byte order mark then
    if (found.index > start) {
      yield { text: stream.slice(start, found.index), offset: start };
      start = found.index + line.length;
    }
    if (!/^\s*[^\s#]/.test(rest)) continue;
    yield { refusedAt: found.index };
    const next = stream.indexOf('\n---', found.index);
    start = next < 0 ? stream.length : next + 1;
    separator.lastIndex = start;
  }
  if (start < stream.length) yield { text: stream.slice(start), offset: start };
}
