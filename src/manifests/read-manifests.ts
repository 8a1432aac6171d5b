import type { Pointer } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import { readYaml, yamlParts } from '../yaml/read.ts';
import type { IgnoreComment, IgnoreComments } from './ignore-comments.ts';
import { type KubernetesObject, kubernetesObject, objectsIn } from './kubernetes-object.ts';
import { documentFault, itemFaults, objectFault, type ShapeFault } from './shape-fault.ts';

/** A Kubernetes object and its source. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** The path as given; `-` for standard input. */
  readonly file: string;
  readonly document: ManifestDocument;
  /** The pointer to the object in the document: empty, or an item of a list. */
  readonly path: Pointer;
  /** The comments of the file that exempt findings. */
  readonly ignored: readonly ManifestComment[];
  /** The file of the kustomization that rendered the object; absent if it was read as written. */
  readonly renderedBy?: string;
}

/** A comment that exempts findings of an object. */
export interface ManifestComment extends IgnoreComment {
  /** The file of a patch; absent if it is the file of the manifest. */
  readonly file?: string;
  /** Whether it covers the object as a whole because it covers the whole patch. */
  readonly coversObject?: boolean;
}

/** A place in the file of a manifest or, of one that was rendered, in the file of a patch. */
export interface ManifestPosition extends Position {
  /** Absent where it is the file of the manifest. */
  readonly file?: string;
}

/** The document that contains an object, with positions that may be in the file of a patch. */
interface ManifestDocument extends Omit<YamlDocument, 'positionOf'> {
  positionOf(path: Pointer): ManifestPosition;
  /** The line to which comments apply, if it is a different one: the line in the rendered text. */
  readonly commentedLineOf?: (path: Pointer) => number;
}

/** Unreadable input, or a value that the API server would not accept. */
export interface ManifestProblem {
  readonly file: string;
  /** Absent if the problem concerns the whole file. */
  readonly position?: Position | undefined;
  readonly message: string;
}

/** Input that was read but is not checked, and the reason. */
export interface Skipped {
  readonly file: string;
  /** Absent if it is the whole file. */
  readonly position?: Position | undefined;
  /** `ConfigMap shop/web`; empty for a whole file. */
  readonly what: string;
  readonly reason: string;
  /** Whether every run shows it, because it was probably meant to be checked. */
  readonly isAlwaysShown?: boolean;
  /** Whether there are objects in it that another run may check, given a program or values. */
  readonly isUnread?: boolean;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly Skipped[];
}

/** Nothing at all. */
export const noManifests: Manifests = { manifests: [], problems: [], skipped: [] };

const noComments: IgnoreComments = { comments: [], problems: [] };

/** Loaded on demand, because the lexer is slow to load and few files have such comments. */
export const ignoredIn = async (text: string): Promise<IgnoreComments> =>
  text.includes('podwright-ignore') ? (await import('./ignore-comments.ts')).ignoreCommentsOf(text) : noComments;

/** Every object in a text, regardless of its shape, including Kustomize patches. */
export function objectsWritten(file: string, text: string, { comments: ignored }: IgnoreComments): Manifest[] {
  return readYaml(text).documents.flatMap((document) =>
    objectsIn(document.value).map(({ object, path }) => ({ object, file, document, path, ignored })),
  );
}

/** The objects in one text, and the parts that cannot be parsed or have the wrong shape. */
export function parseManifests(file: string, text: string, ignored: IgnoreComments = noComments): Manifests {
  return together(manifestParts(file, text, ignored));
}

/** The same document by document, so that a large text is never held as data. */
export function* manifestParts(file: string, text: string, ignored: IgnoreComments = noComments): Generator<Manifests> {
  const faults = ignored.problems.map(({ line, column, message }) => ({ file, position: { line, column }, message }));
  if (faults.length > 0) yield { ...noManifests, problems: faults };
  for (const part of yamlParts(text)) {
    if ('document' in part) yield manifestsIn(part.document, file, ignored);
    else {
      const { line, column, message } = part.problem;
      const problem = { file, position: { line, column }, message: `cannot be parsed: ${message}${hintFor(text)}` };
      yield { ...noManifests, problems: [problem] };
    }
  }
}

/** The objects of the documents whose texts are wanted, regardless of problems in the others. */
export function* objectsAmong(text: string, isWanted: (text: string) => boolean): Generator<KubernetesObject> {
  for (const part of yamlParts(text, isWanted)) {
    if (!('document' in part)) continue;
    for (const { object } of objectsIn(part.document.value)) yield object;
  }
}

/** All parts as one. */
function together(parts: Iterable<Manifests>): Manifests {
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  const skipped: Skipped[] = [];
  for (const part of parts) {
    for (const manifest of part.manifests) manifests.push(manifest);
    for (const problem of part.problems) problems.push(problem);
    for (const each of part.skipped) skipped.push(each);
  }
  return { manifests, problems, skipped };
}

function manifestsIn(document: YamlDocument, file: string, { comments }: IgnoreComments): Manifests {
  const manifests: Manifest[] = [];
  const problems: ManifestProblem[] = [];
  const skipped: Skipped[] = [];
  const objects = objectsIn(document.value);
  const whole = kubernetesObject(document.value);
  const isCut = document.hasMore === true;
  if (isCut && (whole !== undefined || document.value === null))
    skipped.push({ file, position: document.start, what: '', reason: furtherText, isAlwaysShown: true });
  const report = (at: Pointer, { path, message }: ShapeFault): void => {
    problems.push({ file, position: document.positionOf(`${at}${path}`), message });
  };
  for (const fault of whole === undefined ? [] : itemFaults(whole)) report('', fault);
  if (objects.length === 0) {
    const isRest = isCut && whole === undefined && document.value !== null;
    const fault = isRest ? cutFault : documentFault(document.value);
    if (fault !== undefined) report('', fault);
    else if (document.value !== null && problems.length === 0)
      skipped.push({ file, position: document.start, what: 'a document', reason: noObject });
  }
  for (const { object, path } of objects) {
    const fault = objectFault(object);
    if (fault === undefined) manifests.push({ object, file, document, path, ignored: comments });
    else report(path, fault);
  }
  return { manifests, problems, skipped };
}

const furtherText = 'kubectl ignores content after the end of a document without ---';
/** Of the rest of an object whose other lines are outdented from its first. kubectl rejects it. */
const cutFault: ShapeFault = {
  path: '',
  message: 'ends before it has an apiVersion and a kind; check the indentation of its first line',
};
const noObject = 'it has no apiVersion and kind';

function hintFor(text: string): string {
  if (text.includes('{{')) return '; render a Helm template first: helm template … | podwright audit -';
  if (/^\s*</.test(text)) return '; it looks like HTML or XML';
  return text.includes('\0') ? '; it looks like UTF-16 without a byte order mark' : '';
}
