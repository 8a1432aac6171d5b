import { readStream, readWhole } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';
import { type FindOptions, findManifests, type ManifestSource, standardInput } from './manifest-files.ts';
import { ignoredIn, type ManifestProblem, type Manifests, parseManifests, type Skipped } from './read-manifests.ts';

/** The input, and how to read it. */
export interface ReadOptions extends FindOptions {
  /** Values files for every chart. */
  readonly values?: readonly string[];
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** The progress of reading, reported before each file. */
export interface ReadProgress {
  readonly done: number;
  readonly of: number;
  /** The next file to be read or rendered. */
  readonly file: string;
}

/** The data and positions of a larger file do not fit into the memory of one process. */
const maxBytes = 256 * 1024 * 1024;

/**
 * The objects in files, directories and standard input (`-`, which calls `input`), in that order. Input that cannot be
 * read or parsed becomes a problem, and the rest is still read. Documents that are not Kubernetes objects are skipped.
 * A path that does not exist is `missing`; because it is probably a typing error, nothing is read at all.
 */
export async function readManifests(
  paths: readonly string[],
  input: () => NodeJS.ReadableStream,
  options: ReadOptions = {},
): Promise<Manifests | { readonly missing: string }> {
  const found = await findManifests(paths, options);
  if ('missing' in found) return found;
  const all = { manifests: [], problems: [], skipped: [] } as { [part in keyof Manifests]: Manifests[part][number][] };
  for (const { file, reason } of found.unreadable) all.problems.push({ file, message: `cannot be read: ${reason}` });
  for (const { file, reason } of found.leftOut) all.skipped.push({ file, what: '', reason });
  for (const [done, source] of found.sources.entries()) {
    options.onProgress?.({ done, of: found.sources.length, file: nameOf(source) });
    const { manifests, problems, skipped } = await readSource(source, input, options);
    for (const manifest of manifests) all.manifests.push(manifest);
    for (const problem of problems) all.problems.push(problem);
    for (const each of skipped) all.skipped.push(each);
  }
  return all;
}

function nameOf(source: ManifestSource): string {
  if ('file' in source) return source.file === standardInput ? 'standard input' : source.file;
  return 'chart' in source ? source.chart : source.kustomization.folder;
}

async function readSource(
  source: ManifestSource,
  input: () => NodeJS.ReadableStream,
  { values = [] }: ReadOptions,
): Promise<Manifests> {
  if ('file' in source) return readFileOf(source, input);
  const { readChart, readKustomized } = await import('./read-rendered.ts');
  if ('kustomization' in source) return readKustomized(source.kustomization);
  return readChart(source.chart, { values, isNamed: source.isNamed });
}

/** Reads one file, or standard input. */
async function readFileOf(
  { file, isNamed }: { readonly file: string; readonly isNamed: boolean },
  input: () => NodeJS.ReadableStream,
): Promise<Manifests> {
  const content =
    file === standardInput
      ? await readStream(input(), { maxBytes })
      : await readWhole(file, { maxBytes, shellPipes: true });
  if ('problem' in content) return withProblem({ file, message: `cannot be read: ${content.problem}` });
  const { bytes } = content;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    return withProblem({ file, message: 'cannot be read: it is compressed (gzip); unpack it first' });
  const text = decodeText(bytes);
  const read = parseManifests(file, text, await ignoredIn(text));
  return read.problems.length > 0 && !isNamed && isOfOthers(text) ? passedOver(file) : read;
}

/** Whether a file that was not named explicitly shows no sign of being for Kubernetes, such as settings of other programs. */
const isOfOthers = (text: string): boolean => !/apiVersion|kind/i.test(text) && !text.includes('\0');

const passedOver = (file: string): Manifests =>
  withSkipped({ file, what: '', reason: 'it is not YAML, and not for Kubernetes' });

const withProblem = (problem: ManifestProblem): Manifests => ({ manifests: [], problems: [problem], skipped: [] });

const withSkipped = (skipped: Skipped): Manifests => ({ manifests: [], problems: [], skipped: [skipped] });
