/** A JSON pointer (RFC 6901); the empty string is the whole document. */
export type Pointer = '' | `/${string}`;

/** The pointer for these object keys and list indices, escaped. */
export function pointer(...fields: readonly (string | number)[]): Pointer {
  let result: Pointer = '';
  for (const field of fields) result = `${result}/${escapeSegment(field)}`;
  return result;
}

/** The unescaped keys and indices of a pointer, in order. */
export function segmentsOf(path: Pointer): string[] {
  if (path === '') return [];
  const segments = path.slice(1).split('/');
  return path.includes('~') ? segments.map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~')) : segments;
}

const isIndex = /^\d+$/;

/** One step down: an own member of an object or an element of a list; undefined if there is none. */
export function childOf(value: unknown, segment: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return isIndex.test(segment) ? value[Number(segment)] : undefined;
  return Object.hasOwn(value, segment) ? (value as Record<string, unknown>)[segment] : undefined;
}

/** The value at the pointer; undefined if there is none. */
export function valueAt(document: unknown, path: Pointer): unknown {
  return segmentsOf(path).reduce(childOf, document);
}

/** The pointer in the form that people use: `spec.containers[0].image`, with quotes around map keys that contain dots. */
export function fieldPath(path: Pointer): string {
  let text = '';
  for (const segment of segmentsOf(path)) {
    if (/^\d+$/.test(segment)) text += `[${segment}]`;
    else if (/^[\w-]+$/.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

function escapeSegment(field: string | number): string {
  if (typeof field === 'number') return String(field);
  return field.includes('/') || field.includes('~') ? field.replaceAll('~', '~0').replaceAll('/', '~1') : field;
}
