import { childOf, type Pointer, segmentsOf } from './pointer.ts';

/** A value in a document, and a path to it that stays the same if list elements move. */
export interface Named {
  readonly value: unknown;
  /** A pointer with the names of list elements in place of their indices; an element without a name is `#0`. */
  readonly path: string;
}

/** Follows a pointer from a value that is named already. */
export function withNames(from: Named, path: Pointer): Named {
  let { value, path: named } = from;
  for (const segment of segmentsOf(path)) {
    const isElement = Array.isArray(value);
    value = childOf(value, segment);
    const name = isElement ? (value as { readonly name?: unknown } | undefined)?.name : undefined;
    named += `/${typeof name === 'string' ? name : isElement ? `#${segment}` : segment}`;
  }
  return { value, path: named };
}

/** The path of a value in a document that stays the same if list elements with names move. */
export const namedPath = (document: unknown, path: Pointer): string =>
  withNames({ value: document, path: '' }, path).path;
