import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pointer } from '../patch/pointer.ts';
import type { Position } from '../yaml/document.ts';
import {
  ignoredIn,
  type Manifest,
  type ManifestComment,
  type Manifests,
  noManifests,
  parseManifests,
} from './read-manifests.ts';
import { type ChartOptions, renderChart } from './render.ts';
import { atStartOf, type Render, unrendered } from './render-outcome.ts';

/** Renders a chart with these options. */
export async function renderedChart(
  { chart: folder, isNamed }: { readonly chart: string; readonly isNamed: boolean },
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

/** The rendered objects in their templates: Helm writes `# Source: chart/templates/web.yaml` above each object. */
export async function placedInTemplates(folder: string, text: string): Promise<Manifests> {
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
