import type { Pointer } from './pointer.ts';

/** One intended change of a document, independent of its current content. */
export type Edit =
  /** The field has this value. */
  | { readonly kind: 'set'; readonly path: Pointer; readonly value: unknown }
  /** The field is absent. Not for elements of a list, because later elements would shift. */
  | { readonly kind: 'unset'; readonly path: Pointer }
  /** The number is at least this. */
  | { readonly kind: 'raise'; readonly path: Pointer; readonly value: number }
  /** The list at the path contains this element, appended if missing. */
  | { readonly kind: 'append'; readonly path: Pointer; readonly value: unknown };

/** The field gets the value. */
export const set = (path: Pointer, value: unknown): Edit => ({ kind: 'set', path, value });
/** The field is removed. */
export const unset = (path: Pointer): Edit => ({ kind: 'unset', path });
/** The number is raised to the value unless it is higher. */
export const raise = (path: Pointer, value: number): Edit => ({ kind: 'raise', path, value });
/** The element is appended to the list unless it is there. */
export const append = (path: Pointer, value: unknown): Edit => ({ kind: 'append', path, value });

/** Whether the document already satisfies the edit. */
export function isTrue(edit: Edit, current: unknown): boolean {
  switch (edit.kind) {
    case 'set':
      return sameJson(current, edit.value);
    case 'unset':
      return current === undefined;
    case 'raise':
      return typeof current === 'number' && current >= edit.value;
    case 'append':
      return Array.isArray(current) && current.some((element) => sameJson(element, edit.value));
  }
}

/** A canonical text, the same for equal JSON values regardless of the order of object keys. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sortedKeys);

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return entries.length < 2 ? value : Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Deep equality of JSON values, regardless of the order of object keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => sameJson(element, b[index]));
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) && sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
