import { readStream, readWhole } from '../files/read-whole.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { Position, YamlDocument } from '../yaml/document.ts';
import { readYaml } from '../yaml/read.ts';
import { type KubernetesObject, objectsIn } from './kubernetes-object.ts';
import { findManifestFiles, standardInput } from './manifest-files.ts';

/** An object of Kubernetes and where it was read. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** The path as it was given; `-` for standard input. */
  readonly file: string;
  readonly document: YamlDocument;
  /** Where in the document the object is: empty, or an item of a list. */
  readonly path: Pointer;
}

/** What could not be read, or what the API server would not accept. */
export interface ManifestProblem {
  readonly file: string;
  /** Absent where the whole file is meant. */
  readonly position?: Position | undefined;
  readonly message: string;
}

export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly ManifestProblem[];
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
      const read = parseManifests(file, content.bytes.toString());
      for (const manifest of read.manifests) manifests.push(manifest);
      problems.push(...read.problems);
    } catch (error) {
      problems.push({ file, message: `cannot be read: ${(error as Error).message}` });
    }
  }
  return { manifests, problems };
}

/** The objects in one text, and what of it does not parse. */
export function parseManifests(file: string, text: string): Manifests {
  const { documents, problems } = readYaml(text);
  return {
    manifests: documents.flatMap((document) =>
      objectsIn(document.value).map(({ object, path }) => ({ object, file, document, path })),
    ),
    problems: problems.map(({ line, column, message }) => ({
      file,
      position: { line, column },
      message: `cannot be parsed: ${message}${hintFor(text)}`,
    })),
  };
}

const hintFor = (text: string): string =>
  text.includes('{{') ? '; a Helm template is rendered first: helm template … | podwright audit -' : '';
