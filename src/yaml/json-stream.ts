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

const space = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const mark = /["[\]{}]/g;

/** JSON values in sequence, optionally separated by white space. */
export function readJsonStream(stream: string): JsonStream {
  const parts: JsonPart[] = [];
  let end = 0;
  for (;;) {
    const offset = endOf(space, stream, end) ?? end;
    if (offset === stream.length) return { parts, rest: undefined };
    const next = endOfValue(stream, offset) ?? offset;
    const text = stream.slice(offset, next);
    const value = valueOf(text);
    if (value === undefined) return { parts, rest: end };
    parts.push({ text, offset, value });
    end = next;
  }
}

/** Undefined if no value starts here, or one that does not end or is nested too deeply. */
function endOfValue(stream: string, start: number): number | undefined {
  const first = stream.charAt(start);
  if (first === '"') return endOfText(stream, start);
  if (first !== '{' && first !== '[') return endOf(scalar, stream, start);
  let depth = 0;
  let at: number | undefined = start;
  while (at !== undefined) {
    mark.lastIndex = at;
    const found = mark.exec(stream);
    if (found === null) return undefined;
    const { 0: token, index } = found;
    at = token === '"' ? endOfText(stream, index) : index + 1;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) return undefined;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Where a text in quotes ends. A regular expression for it would need memory for each character. */
function endOfText(stream: string, start: number): number | undefined {
  for (let end = stream.indexOf('"', start + 1); end >= 0; end = stream.indexOf('"', end + 1)) {
    let escapes = 0;
    while (stream[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return undefined;
}

function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the only way to find out
    return undefined;
  }
}
