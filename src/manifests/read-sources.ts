import { type Content, isShellPipe, readStream, readWhole, readWholeNow } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import {
  type FindOptions,
  findManifests,
  type ManifestSource,
  type ManifestSources,
  standardInput,
} from './manifest-files.ts';
import {
  ignoredIn,
  type ManifestProblem,
  type Manifests,
  manifestParts,
  noManifests,
  objectsAmong,
  parseManifests,
} from './read-manifests.ts';
import type { RenderedSource } from './read-rendered.ts';
import type { ChartOptions } from './render.ts';
import type { Render } from './render-outcome.ts';

/** The input, and how to read it. */
export interface ReadOptions extends FindOptions, ChartOptions {
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** The progress of a reading, reported before each part. */
export interface ReadProgress {
  readonly done: number;
  readonly of: number;
  /** The next file to be read or rendered. */
  readonly file: string;
  /** How many of its documents have been read. */
  readonly documents: number;
}

/**
 * The sources that some paths name. They can be read several times, so that none of them has to be held as data: files
 * are read each time, except for a few megabytes of them; the text of pipes and of rendered directories is kept until the
 * objects have been read.
 */
export interface OpenedSources {
  /** Why given paths name nothing. */
  readonly missing: readonly ManifestProblem[];
  /** The paths that the search left out or could not list. */
  readonly found: Manifests;
  /** The objects in documents that a word occurs in, and their sources. Problems of other documents are ignored. */
  objectsNear(word: RegExp): AsyncGenerator<{ readonly object: KubernetesObject; readonly source: ManifestSource }>;
  /**
   * The objects of the sources that are wanted, in their order. Unreadable parts become problems, and the rest is still read. Documents
   * that are not objects of Kubernetes are skipped. A part is a document of a file, or all that is rendered of a directory.
   */
  parts(isWanted: (source: ManifestSource) => Promise<boolean>): AsyncGenerator<Manifests>;
}

/** How many characters of files are kept, which are most files of most audits. */
const mostKept = 4 * 1024 * 1024;

/** A larger file does not fit into one string. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Opens files, folders and standard input (`-`, for which `input` is called). Each path that names nothing is
 * `missing`, with the reason: most likely a typing error. The others are read.
 */
export async function openSources(
  paths: readonly string[],
  input: () => NodeJS.ReadableStream,
  options: ReadOptions = {},
): Promise<OpenedSources | Pick<OpenedSources, 'missing'>> {
  const search = await findManifests(paths, options);
  const missing = search.missing.map(({ file, reason }) => ({ file, message: reason }));
  if (!('sources' in search)) return { missing };
  const { sources } = search;
  const kept = new Map<ManifestSource, Render>();
  let room = mostKept;
  const report = (source: ManifestSource, done: number, documents = 0): void =>
    options.onProgress?.({ done, of: sources.length, file: nameOf(source), documents });

  /** The text of a source that was kept, or that is read now. */
  async function textOf(source: ManifestSource, done: number): Promise<Render> {
    const earlier = kept.get(source);
    if (earlier !== undefined) return earlier;
    if (isReadAnew(source)) return textIn(readWholeNow(source.file, { maxBytes }), source.file);
    report(source, done);
    const text = await (isFile(source) ? readPipe(source.file, input) : render(source, options));
    kept.set(source, text);
    return text;
  }
  return {
    missing,
    found: foundBy(search),
    async *objectsNear(word) {
      const [first] = sources;
      if (first !== undefined) report(first, 0);
      const mayHold = (text: string): boolean => word.test(text) || escape.test(text);
      for (const [done, source] of sources.entries()) {
        const read = await textOf(source, done);
        if ('text' in read && read.text.length < room && !kept.has(source)) {
          room -= read.text.length;
          kept.set(source, read);
        }
        if (!('text' in read && mayHold(read.text))) continue;
        for (const object of objectsAmong(read.text, mayHold)) yield { object, source };
      }
    },
    async *parts(isWanted) {
      for (const [done, source] of sources.entries()) {
        if (!(await isWanted(source))) continue;
        report(source, done);
        const read = await textOf(source, done);
        kept.delete(source);
        let documents = 0;
        for await (const part of partsOf(source, read)) {
          yield part;
          if (++documents % documentsPerReport === 0) report(source, done, documents);
        }
      }
    },
  };
}

/** What a search found besides sources. */
const foundBy = ({ unreadable, unrendered, leftOut }: Omit<ManifestSources, 'missing'>): Manifests => ({
  manifests: [],
  problems: [
    ...unreadable.map(({ file, reason }) => ({ file, message: `cannot be read: ${reason}` })),
    ...unrendered.map(({ file, reason }) => ({ file, message: `left alone: ${reason}` })),
  ],
  skipped: leftOut.map(({ file, reason }) => ({ file, what: '', reason })),
});

/** A look at the clock costs as much as a small document. */
const documentsPerReport = 100;

/** How a word can be written in YAML and JSON without being seen. */
const escape = /\\(?:[xuU]|\r?\n)/;

type SourceFile = Extract<ManifestSource, { file: string }>;

const isFile = (source: ManifestSource): source is SourceFile => 'file' in source;

const isReadAnew = (source: ManifestSource): source is SourceFile =>
  isFile(source) && source.file !== standardInput && !isShellPipe(source.file);

function nameOf(source: ManifestSource): string {
  if (isFile(source)) return source.file === standardInput ? 'standard input' : source.file;
  return 'chart' in source ? source.chart : source.kustomization.folder;
}

async function render(source: RenderedSource, options: ReadOptions): Promise<Render> {
  return (await import('./read-rendered.ts')).renderSource(source, options);
}

async function readPipe(file: string, input: () => NodeJS.ReadableStream): Promise<Render> {
  const content =
    file === standardInput
      ? await readStream(input(), { maxBytes })
      : await readWhole(file, { maxBytes, shellPipes: true });
  const isEmpty = 'bytes' in content && content.bytes.length === 0;
  return isEmpty ? unread(file, 'it is empty; the program that writes it may have failed') : textIn(content, file);
}

function textIn(content: Content, file: string): Render {
  if ('problem' in content) return unread(file, content.problem);
  const [first, second] = content.bytes;
  if (first === 0x1f && second === 0x8b) return unread(file, 'it is compressed (gzip); unpack it first');
  return { text: decodeText(content.bytes) };
}

const unread = (file: string, problem: string): Render => ({
  instead: { ...noManifests, problems: [{ file, message: `cannot be read: ${problem}` }] },
});

/** The objects of a source, of a file document by document. */
async function* partsOf(source: ManifestSource, read: Render): AsyncGenerator<Manifests> {
  if ('instead' in read) return yield read.instead;
  const { text } = read;
  if (!isFile(source)) return yield (await import('./read-rendered.ts')).readRendered(source, text);
  const { file, isNamed } = source;
  const ignored = await ignoredIn(text);
  if (isNamed || !isOfOthers(text)) return yield* manifestParts(file, text, ignored);
  const parsed = parseManifests(file, text, ignored);
  yield parsed.problems.length === 0 ? parsed : { ...noManifests, skipped: [{ file, what: '', reason: passedOver }] };
}

/** Whether a file that was not named explicitly shows no sign of being for Kubernetes, such as settings of other programs. */
const isOfOthers = (text: string): boolean =>
  !/apiVersion|kind|^\s*<(?:!doctype|html)\b/i.test(text) && !text.includes('\0');

const passedOver = 'it is not YAML, and not for Kubernetes';
