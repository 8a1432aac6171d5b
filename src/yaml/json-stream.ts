/** A value in a stream of JSON. */
export interface JsonPart {
  readonly text: string;
  /** Its start in the stream. */
  readonly offset: number;
  readonly value: unknown;
}

/** The values at the start of a stream, and the offset at which JSON ends. */
export interface JsonStream {
  readonly parts: readonly JsonPart[];
  /** Undefined if the whole stream is JSON. */
  readonly rest: number | undefined;
}

/** Deeper than any Kubernetes object; code that walks the data is recursive. */
export const maxDepth = 500;

/** Whether kubectl first tries to read a stream as JSON. */
export const mayBeJson = (stream: string): boolean => /^\s*\{/.test(stream);

/** JSON objects and arrays in sequence, optionally separated by white space. */
export function readJsonStream(stream: string): JsonStream {
  const parts: JsonPart[] = [];
  let start = 0;
  for (const end of endsOfValues(stream)) {
    const text = stream.slice(start, end).trimStart();
    const value = valueOf(text);
    if (value === undefined) return { parts, rest: start };
    parts.push({ text, offset: end - text.length, value });
    start = end;
  }
  return { parts, rest: stream.slice(start).trim() === '' ? undefined : start };
}

/** The positions where outermost brackets close; ends if they are nested too deeply. */
function* endsOfValues(stream: string): Generator<number> {
  let depth = 0;
  for (const { 0: token, index } of stream.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) return;
    if (depth === 0 && !token.startsWith('"')) yield index + 1;
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the only way to find out
    return undefined;
  }
}
