/** A value of a stream of JSON. */
export interface JsonPart {
  readonly text: string;
  /** Where it starts in the stream. */
  readonly offset: number;
  readonly value: unknown;
}

/** The values at the start of a stream, and where in it that begins which is no JSON. */
export interface JsonStream {
  readonly parts: readonly JsonPart[];
  /** Undefined where all of it is JSON. */
  readonly rest: number | undefined;
}

/** Deeper than any Kubernetes object; code that walks the data recurses. */
export const maxDepth = 500;

/** Whether kubectl tries to read a stream as JSON first. */
export const mayBeJson = (stream: string): boolean => /^\s*\{/.test(stream);

/** JSON objects and arrays one after the other, with or without white space between them. */
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

/** Where brackets close that nothing is open around; ends where they are nested too deeply. */
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
    // the one way to ask
    return undefined;
  }
}
