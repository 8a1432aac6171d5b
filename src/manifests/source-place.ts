import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import type { Manifest } from './read-manifests.ts';

/**
 * The source object from which a rendered object was created: the same kind, and the same name except for a prefix and
 * a suffix. Patches are objects too, but smaller ones.
 */
export function originOf({ object }: Manifest, sources: readonly Manifest[]): Manifest | undefined {
  const alike = sources.filter(
    (source) =>
      source.object.kind === object.kind &&
      source.object.group === object.group &&
      source.object.name !== '' &&
      object.name.includes(source.object.name),
  );
  const weight = ({ object: { name, content } }: Manifest): number =>
    name.length * 1e9 + JSON.stringify(content).length;
  return alike.toSorted((a, b) => weight(b) - weight(a))[0];
}

/** The rendered object with the positions of its source file. */
export function placedAt(rendered: Manifest, origin: Manifest): Manifest {
  const { object } = rendered;
  const positionOf = (path: Pointer) =>
    origin.document.positionOf(`${origin.path}${translated(path, object.content, origin.object.content)}`);
  const document = {
    value: object.content,
    repeatedKeys: [],
    get start() {
      return positionOf('');
    },
    positionOf,
  };
  return { object, file: origin.file, path: '', ignored: origin.ignored, document };
}

/** The same path in another version of an object, with list elements matched by name. */
function translated(path: Pointer, from: unknown, to: unknown): Pointer {
  let result: Pointer = '';
  let seen: Pointer = '';
  for (const segment of segmentsOf(path)) {
    seen = `${seen}${pointer(segment)}`;
    const name = nameOf(valueAt(from, seen));
    const list = valueAt(to, result);
    const index = Array.isArray(list) && name !== undefined ? list.findIndex((each) => nameOf(each) === name) : -1;
    result = `${result}${pointer(index < 0 ? segment : index)}`;
  }
  return result;
}

const nameOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : undefined;
