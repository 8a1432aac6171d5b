import { readStream, readWhole } from '../files/read-whole.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import { decodeText } from '../yaml/encoding.ts';
import { readYaml } from '../yaml/read.ts';
import type { IgnoreComment, IgnoreComments } from './ignore-comments.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-object.ts';
import { findManifestFiles, standardInput } from './manifest-files.ts';
import { documentFault, objectFault, type ShapeFault } from './shape-fault.ts';

/** An object of Kubernetes and where it was read. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** The path as it was given; `-` for standard input. */
  readonly file: string;
  readonly document: YamlDocument;
  /** Where in the document the object is: empty, or an item of a list. */
  readonly path: Pointer;
  /** The comments of the file that excuse findings. */
  readonly ignored: readonly IgnoreComment[];
}

/** What could not be read, or what the API server would not accept. */
export interface ManifestProblem {
  readonly file: string;
  /** Absent where the whole file is meant. */
  readonly position?: Position | undefined;
  readonly message: string;
}

/** What was read and is not judged, and why. */
export interface Skipped {
  readonly file: string;
  /** Absent where the whole file is meant. */
  readonly position?: Position | undefined;
  /** `ConfigMap shop/web`. */
  readonly what: string;
  readonly reason: string;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
  readonly skipped: readonly Skipped[];
}

/** What is larger cannot be held as data and positions in the memory of one process. */
const maxBytes = 256 * 1024 * 1024;

/**
 * The objects in files, folders and standard input (`-`, for which `input` is called), in that order. What cannot be
 * read or parsed becomes a problem, and the rest is read all the same. Empty documents and those of no Kubernetes
 * object are left out. A path that names nothing is `missing`: most likely a typing error, so nothing is read at all.
 */
export async function readManifests(
  paths: readonly string[],
  input: () => NodeJS.ReadableStream,
): Promise<Manifests | { readonly missing: string }> {
  const found = await findManifestFiles(paths);
  if ('missing' in found) return found;
  const manifests: Manifest[] = [];
  const skipped: Skipped[] = [];
  const problems: ManifestProblem[] = found.unreadable.map(({ folder, message }) => ({
    file: folder,
    message: `cannot be read: ${message}`,
  }));
  for (const file of found.files) {
    try {
      const content =
        file === standardInput
          ? await readStream(input(), { maxBytes })
          : await readWhole(file, { maxBytes, shellPipes: true });
      if ('problem' in content) {
        problems.push({ file, message: `cannot be read: ${content.problem}` });
        continue;
      }
      if (isCompressed(content.bytes)) {
        problems.push({ file, message: 'cannot be read: it is compressed (gzip); unpack it first' });
        continue;
      }
      const text = decodeText(content.bytes);
      const read = parseManifests(file, text, await ignoredIn(text));
      for (const manifest of read.manifests) manifests.push(manifest);
      problems.push(...read.problems);
      skipped.push(...read.skipped);
    } catch (error) {
      problems.push({ file, message: `cannot be read: ${(error as Error).message}` });
    }
  }
  return { manifests, problems, skipped };
}

const noComments: IgnoreComments = { comments: [], problems: [] };

/** Few files have such comments, and the lexer that finds them takes its time to load. */
const ignoredIn = async (text: string): Promise<IgnoreComments> =>
  text.includes('podwright-ignore') ? (await import('./ignore-comments.ts')).ignoreCommentsOf(text) : noComments;

const isCompressed = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The objects in one text, and what of it does not parse or is not what it is meant to be. */
export function parseManifests(file: string, text: string, ignored: IgnoreComments = noComments): Manifests {
  const { documents, problems } = readYaml(text);
  const unparsed = problems.map(({ line, column, message }) => ({
    file,
    position: { line, column },
    message: `cannot be parsed: ${message}${hintFor(text)}`,
  }));
  const manifests: Manifest[] = [];
  const faults: ManifestProblem[] = ignored.problems.map(({ line, column, message }) => ({
    file,
    position: { line, column },
    message,
  }));
  const skipped: Skipped[] = [];
  for (const document of documents) {
    const objects = objectsIn(document.value);
    const report = (at: Pointer, { path, message }: ShapeFault): void => {
      faults.push({ file, position: document.positionOf(`${at}${path}`), message });
    };
    if (objects.length === 0) {
      const fault = documentFault(document.value);
      if (fault !== undefined) report('', fault);
      else if (document.value !== null)
        skipped.push({ file, position: document.start, what: 'a document', reason: noObject });
    }
    for (const { object, path } of objects) {
      const fault = objectFault(object);
      if (fault === undefined) manifests.push({ object, file, document, path, ignored: ignored.comments });
      else report(path, fault);
    }
  }
  return { manifests, problems: [...unparsed, ...faults], skipped };
}

const noObject = 'it has no apiVersion and kind';

function hintFor(text: string): string {
  if (text.includes('{{')) return '; a Helm template is rendered first: helm template … | podwright audit -';
  if (/^\s*</.test(text)) return '; it looks like HTML or XML';
  return text.includes('\0') ? '; it looks like UTF-16 without a byte order mark' : '';
}
