import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';

/** The pointers that a pattern matches in this content; `*` is every element of a list or value of a map. */
export function matchesOf(content: unknown, pattern: Pointer): Pointer[] {
  if (!pattern.includes('*')) return [pattern];
  let paths: Pointer[] = [''];
  for (const segment of segmentsOf(pattern)) {
    paths = paths.flatMap((path) => {
      if (segment !== '*') return [`${path}${pointer(segment)}` as Pointer];
      const found = valueAt(content, path);
      return Object.keys(Object(found) as object).map((key) => `${path}${pointer(key)}` as Pointer);
    });
  }
  return paths;
}
