import { isDeepStrictEqual } from 'node:util';
import type { Rendered } from './helm.ts';

/** What differs, by kind, name and path: the new value, `undefined` for what is gone, `path/+` for what a list has more. */
export function changes(before: readonly Rendered[], after: readonly Rendered[]): Readonly<Record<string, unknown>> {
  const byName = (objects: readonly Rendered[]) =>
    Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
  return Object.fromEntries(differences('', byName(before), byName(after)));
}

function differences(path: string, before: unknown, after: unknown): [string, unknown][] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const added = after.slice(before.length);
    const same = before.flatMap((item, index) => differences(`${path}/${index}`, item, after[index]));
    return added.length === 0 ? same : [...same, [`${path}/+`, added]];
  }
  if (!isObject(before) || !isObject(after)) return [[path, after]];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(path === '' ? key : `${path}/${key}`, before[key], after[key]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
