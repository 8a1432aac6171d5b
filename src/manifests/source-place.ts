import { sameJson } from '../patch/edits.ts';
import { childOf, type Pointer, pointer, segmentsOf, valueAt } from '../patch/pointer.ts';
import type { Manifest, ManifestComment, ManifestPosition } from './read-manifests.ts';

/** The sources of a rendered object. */
export interface SourceObjects {
  /** The object itself. */
  readonly base: Manifest;
  /** The sources merged into it, the last one first. */
  readonly patches: readonly Manifest[];
}

/** The objects that a kustomization is made of. */
export interface Sources {
  readonly complete: readonly Manifest[];
  /** Patches, and other files that are no resources. */
  readonly partial: readonly Manifest[];
}

/**
 * The source object from which a rendered object was created: the same kind, and the same name except for a prefix and
 * a suffix. It is a complete one if there is any.
 */
export function sourceObjectsOf({ object }: Manifest, { complete, partial }: Sources): SourceObjects | undefined {
  const alike = [...complete, ...partial].filter(
    (source) =>
      source.object.kind === object.kind &&
      source.object.group === object.group &&
      source.object.name !== '' &&
      object.name.includes(source.object.name),
  );
  const weight = ({ object: { name, content } }: Manifest): number =>
    name.length * 1e9 + JSON.stringify(content).length;
  const wholes = alike.filter((source) => complete.includes(source));
  const [base] = (wholes.length > 0 ? wholes : alike).toSorted((a, b) => weight(b) - weight(a));
  if (base === undefined) return undefined;
  const patches = alike.filter((source) => source !== base && source.object.name === base.object.name).toReversed();
  return { base, patches };
}

/** The rendered object as one of the file that it was made of, with the places there and in its patches. */
export function placedAt(rendered: Manifest, origin: SourceObjects): Manifest {
  const { object } = rendered;
  const { base } = origin;
  const document = {
    value: object.content,
    repeatedKeys: [],
    get start() {
      return base.document.positionOf(base.path);
    },
    positionOf: (path: Pointer) => positionIn(origin, path, object.content),
  };
  const ignored = [...base.ignored, ...origin.patches.flatMap(commentsIn)];
  return { object, file: base.file, path: '', ignored, document };
}

function commentsIn({ file, document, path, ignored }: Manifest): ManifestComment[] {
  const { line } = document.positionOf(path);
  return ignored.map((comment) => ({ ...comment, file, coversObject: comment.target === line }));
}

/** Where the value was set: in the patch that has the same one, or else in the source that has most of the path. */
function positionIn({ base, patches }: SourceObjects, path: Pointer, content: unknown): ManifestPosition {
  const wanted = valueAt(content, path);
  const places = patches.map((patch) => ({ patch, ...sharedPath(path, content, patch.object.content) }));
  const inBase = sharedPath(path, content, base.object.content);
  const depth = segmentsOf(path).length;
  const setter =
    places.find(({ patch, at, shared }) => shared === depth && sameJson(valueAt(patch.object.content, at), wanted)) ??
    places.find(({ shared }) => shared > inBase.shared);
  if (setter === undefined || path === '') return base.document.positionOf(`${base.path}${inBase.at}`);
  const { patch, at } = setter;
  return { ...patch.document.positionOf(`${patch.path}${at}`), file: patch.file };
}

/** As much of a path as there is in another version of an object, elements of lists by their names; and how much that is. */
function sharedPath(path: Pointer, from: unknown, to: unknown): { readonly at: Pointer; readonly shared: number } {
  let [at, shared]: [Pointer, number] = ['', 0];
  let [own, other] = [from, to];
  for (const segment of segmentsOf(path)) {
    own = childOf(own, segment);
    const name = Array.isArray(other) ? nameOf(own) : undefined;
    const index = name === undefined ? segment : (other as unknown[]).findIndex((each) => nameOf(each) === name);
    const next = childOf(other, String(index));
    if (next === undefined) break;
    other = next;
    at = `${at}${pointer(index)}`;
    shared++;
  }
  return { at, shared };
}

const nameOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : undefined;
