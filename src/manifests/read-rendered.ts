import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../files/read-whole.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { Position } from '../yaml/document.ts';
import { decodeText } from '../yaml/encoding.ts';
import { type Kustomization, kustomizationIn, objectFilesOf } from './kustomization.ts';
import type { ManifestSource } from './manifest-files.ts';
import {
  ignoredIn,
  type Manifest,
  type ManifestComment,
  type Manifests,
  noManifests,
  objectsWritten,
  parseManifests,
} from './read-manifests.ts';
import { type ChartOptions, renderChart, renderKustomization } from './render.ts';
import { originOf, placedAt, type Sources } from './source-place.ts';

const maxBytes = 16 * 1024 * 1024;

/** A folder that a program renders. */
export type RenderedSource = Exclude<ManifestSource, { file: string }>;

/** The text rendered from a directory, or the problems in its place. */
export type Render = { readonly text: string } | { readonly instead: Manifests };

/** Renders a kustomization or a chart, the latter with these options. */
export function renderSource(source: RenderedSource, options: ChartOptions): Promise<Render> {
  return 'chart' in source ? renderChartOf(source, options) : renderKustomized(source.kustomization);
}

/** The rendered objects, each with its place in the file that it was made of. */
export function readRendered(source: RenderedSource, text: string): Promise<Manifests> {
  return 'chart' in source ? placedInTemplates(source.chart, text) : placedInSources(source.kustomization, text);
}

async function renderKustomized({ file, folder }: Kustomization): Promise<Render> {
  const rendered = await renderKustomization(folder);
  if ('isMissing' in rendered) {
    const reason =
      'neither kustomize nor kubectl is on PATH; render it first: kubectl kustomize FOLDER | podwright audit -';
    return {
      instead: {
        ...noManifests,
        skipped: [{ file, what: 'kustomization', reason, isAlwaysShown: true, isUnread: true }],
      },
    };
  }
  return 'problem' in rendered ? { instead: unrendered(file, rendered.problem) } : rendered;
}

const unrendered = (file: string, problem: string): Manifests => ({
  ...noManifests,
  problems: [{ file, message: `cannot be rendered: ${problem}` }],
});

async function placedInSources(kustomization: Kustomization, text: string): Promise<Manifests> {
  const { file } = kustomization;
  const { manifests, problems, skipped } = parseManifests(file, text);
  const sources = await sourcesOf(kustomization);
  const placed = manifests.map((manifest) => {
    const origin = originOf(manifest, sources);
    return { ...(origin === undefined ? atStartOf(file, manifest) : placedAt(manifest, origin)), renderedBy: file };
  });
  return { manifests: placed, problems: problems.map(({ message }) => ({ file, message })), skipped };
}

async function sourcesOf(kustomization: Kustomization): Promise<Sources> {
  const resources = objectFilesOf(kustomization);
  const isComplete = ({ file }: Manifest): boolean => resources.has(path.resolve(file));
  const manifests = await manifestsOf(kustomization);
  return { complete: manifests.filter(isComplete), partial: manifests.filter((each) => !isComplete(each)) };
}

/** The objects in the files of a kustomization, including its bases. */
async function manifestsOf({ folder, parts }: Kustomization, seen = new Set<string>()): Promise<Manifest[]> {
  const found: Manifest[] = [];
  seen.add(path.resolve(folder));
  for (const part of parts) {
    if (seen.has(part)) continue;
    seen.add(part);
    const entry = await stat(part).catch(() => undefined);
    // as a user in that directory would write it
    const given = path.join(folder, path.relative(folder, part));
    if (entry?.isDirectory() === true) {
      const base = kustomizationIn(given);
      if (base !== undefined) found.push(...(await manifestsOf(base, seen)));
    } else if (entry?.isFile() === true) {
      const content = await readWhole(given, { maxBytes });
      if (!('bytes' in content)) continue;
      const text = decodeText(content.bytes);
      found.push(...objectsWritten(given, text, await ignoredIn(text)));
    }
  }
  return found;
}

async function renderChartOf(
  { chart: folder, isNamed }: Extract<RenderedSource, { chart: string }>,
  options: ChartOptions,
): Promise<Render> {
  const file = chartFile(folder);
  const leftOut = (reason: string, isUnread: boolean): Render => ({
    instead: {
      ...noManifests,
      skipped: [{ file, what: 'chart', reason, ...(isUnread && { isAlwaysShown: true, isUnread }) }],
    },
  });
  if (/^type: *["']?library/m.test(await readFile(file, 'utf8').catch(() => '')))
    return leftOut('it is a library of templates', false);
  const rendered = await renderChart(folder, options);
  if ('isMissing' in rendered)
    return leftOut('helm is not on PATH; render it first: helm template FOLDER | podwright audit -', true);
  if (!('problem' in rendered)) return rendered;
  const { problem } = rendered;
  const [, unfetched] = missingDependencies.exec(problem) ?? [];
  if (!isNamed && unfetched !== undefined)
    return leftOut(`it needs charts that are not fetched: ${unfetched}; run: helm dependency build ${folder}`, true);
  const mayNeedValues = !isNamed && (options.values ?? []).length === 0 && isAboutValues.test(problem);
  return mayNeedValues
    ? leftOut(`it needs values (--values FILE): ${problem}`, true)
    : { instead: unrendered(file, problem) };
}

/** The message of Helm about dependencies, which most repositories do not contain. */
const missingDependencies = /missing in charts\/ directory: (.+)$/;

/** The messages of Helm about templates that fail, or call `fail` or `required`, and of values that do not fit the schema. */
const isAboutValues = /^execution error at|: executing "|^values don't meet the specifications/;

const chartFile = (folder: string): string => path.join(folder, 'Chart.yaml');

/** Helm writes `# Source: chart/templates/web.yaml` above each object. */
async function placedInTemplates(folder: string, text: string): Promise<Manifests> {
  const chart = chartFile(folder);
  const ignored = await ignoredIn(text);
  const { manifests, problems, skipped } = parseManifests(chart, text, ignored);
  const sources = [...text.matchAll(/^# Source: [^/\n]+\/(.+)$/gm)];
  const placed: Manifest[] = [];
  const texts = new Map<string, string>();
  const fileAt = (line: number): string => {
    const source = sources.findLast(({ index }) => lineOf(text, index) <= line)?.[1];
    return source === undefined ? chart : path.join(folder, source);
  };
  for (const manifest of manifests) {
    const file = fileAt(manifest.document.start.line);
    if (!texts.has(file)) texts.set(file, await readFile(file, 'utf8').catch(() => ''));
    const template = texts.get(file) ?? '';
    const own = ignored.comments.filter(({ line }) => fileAt(line) === file);
    placed.push(
      withComments(atStartOf(file, manifest, kindLine(template, manifest.object.kind)), manifest, own, template),
    );
  }
  return { manifests: placed, problems: problems.map(({ message }) => ({ file: chart, message })), skipped };
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The line of a template that specifies the kind. */
function kindLine(template: string, kind: string): number {
  const lines = template.split('\n');
  return (
    1 +
    Math.max(
      0,
      lines.findIndex((line) => line.trim() === `kind: ${kind}`),
    )
  );
}

/** The comments have their places in the template, but apply to lines of the rendered text. */
function withComments(
  placed: Manifest,
  { document, path }: Manifest,
  comments: readonly ManifestComment[],
  template: string,
): Manifest {
  const lines = template.split('\n');
  const ignored = comments.map((comment) => ({ ...comment, ...placeIn(lines, comment) }));
  const commentedLineOf = (below: Pointer): number => document.positionOf(`${path}${below}`).line;
  return { ...placed, ignored, document: { ...placed.document, commentedLineOf } };
}

/** The start of the template for a comment that is not written there. */
function placeIn(lines: readonly string[], { rules, reason }: ManifestComment): Position {
  const index = lines.findIndex((line) => ['podwright-ignore', ...rules, reason].every((word) => line.includes(word)));
  const column = lines[index]?.search(/#\s*podwright-ignore/) ?? 0;
  return { line: 1 + Math.max(0, index), column: 1 + Math.max(0, column) };
}

/** The fallback if no better position is known. */
function atStartOf(file: string, { object }: Manifest, line = 1): Manifest {
  const start = { line, column: 1 };
  return {
    object,
    file,
    path: '',
    ignored: [],
    document: { value: object.content, start, repeatedKeys: [], positionOf: () => start },
  };
}
