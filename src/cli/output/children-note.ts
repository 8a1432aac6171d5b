import { printable } from './layout.ts';

/** How many objects are named before the rest is counted. */
const maxNamed = 3;

/** ` (StatefulSet db, Pod db-0)`: the objects that are checked in place of an owner that has no Pod template of its own. */
export function childrenNote(children: readonly string[] = []): string {
  if (children.length === 0) return '';
  const named = children.slice(0, maxNamed).map((child) => printable(child.replace('/', ' ')));
  const left = children.length - named.length;
  return ` (${named.join(', ')}${left > 0 ? ` and ${left} more` : ''})`;
}
