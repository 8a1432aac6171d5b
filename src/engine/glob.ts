import { remembered } from '../subject/remembered.ts';

/** A pattern in parts: the start of the text, substrings in this order, and the end. */
interface Glob {
  readonly start: string;
  readonly parts: readonly string[];
  /** Undefined if the pattern has no `*`, in which case `start` is the whole text. */
  readonly end: string | undefined;
}

/**
 * Whether the pattern matches the whole text. `*` matches any characters, `/` included; everything else is literal.
 * Linear in time.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const { start, parts, end } = globOf(pattern);
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start) || !text.endsWith(end)) return false;
  let from = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= text.length - end.length;
}

const globOf = remembered((pattern): Glob => {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  return { start, parts, end };
});
