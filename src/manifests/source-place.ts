import { type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import type { Manifest } from './read-manifests.ts';

/**
 * The object among those of the sources that a rendered object was made of: of its kind, and of its name but for a
 * prefix and a suffix. A patch is an object as well, but a smaller one.
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

/** The rendered object as one of the file that it was made of, with the places there. */
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

/** The same place in another version of an object: elements of lists are found by their names. */
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
