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

/** Whether one of the patterns matches the text. Results are cached by list, because names of ports and the like repeat. */
export function matchesAnyGlob(patterns: readonly string[], text: string): boolean {
  let matches = lists.get(patterns);
  if (matches === undefined)
    lists.set(patterns, (matches = remembered((other) => patterns.some((pattern) => matchesGlob(pattern, other)))));
  return matches(text);
}

const lists = new WeakMap<readonly string[], (text: string) => boolean>();

const globOf = remembered((pattern): Glob => {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  return { start, parts, end };
});
