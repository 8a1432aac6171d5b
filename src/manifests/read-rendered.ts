import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';
import { type Kustomization, kustomizationNames, readKustomization } from './kustomization.ts';
import { ignoredIn, type Manifest, type Manifests, objectsWritten, parseManifests } from './read-manifests.ts';
import { renderChart, renderKustomization } from './render.ts';
import { originOf, placedAt } from './source-place.ts';

const none: Manifests = { manifests: [], problems: [], skipped: [] };

const maxBytes = 16 * 1024 * 1024;

/** The objects of a kustomization, each with positions in its source file. */
export async function readKustomized(kustomization: Kustomization): Promise<Manifests> {
  const { file, folder } = kustomization;
  const rendered = await renderKustomization(folder);
  if ('isMissing' in rendered) {
    const reason =
      'neither kustomize nor kubectl is on PATH; render it first: kubectl kustomize FOLDER | podwright audit -';
    return { ...none, skipped: [{ file, what: 'kustomization', reason, isTold: true }] };
  }
  if ('problem' in rendered)
    return { ...none, problems: [{ file, message: `cannot be rendered: ${rendered.problem}` }] };
  const { manifests, problems, skipped } = parseManifests(file, rendered.text);
  const sources = await manifestsOf(kustomization);
  const placed = manifests.map((manifest) => {
    const origin = originOf(manifest, sources);
    return origin === undefined ? atStartOf(file, manifest) : placedAt(manifest, origin);
  });
  return { manifests: placed, problems: problems.map(({ message }) => ({ file, message })), skipped };
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
      const base = await kustomizationIn(given);
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

async function kustomizationIn(folder: string): Promise<Kustomization | undefined> {
  for (const name of kustomizationNames) {
    const file = path.join(folder, name);
    if (await stat(file).catch(() => undefined)) return readKustomization(file);
  }
  return undefined;
}

/** The objects of a chart, each located at its template. */
export async function readChart(
  folder: string,
  { values, isNamed }: { readonly values: readonly string[]; readonly isNamed: boolean },
): Promise<Manifests> {
  const file = path.join(folder, 'Chart.yaml');
  if (/^type: *["']?library/m.test(await readFile(file, 'utf8').catch(() => '')))
    return { ...none, skipped: [{ file, what: 'chart', reason: 'it is a library of templates' }] };
  const rendered = await renderChart(folder, values);
  const leftOut = (reason: string): Manifests => ({
    ...none,
    skipped: [{ file, what: 'chart', reason, isTold: true }],
  });
  if ('isMissing' in rendered)
    return leftOut('helm is not on PATH; render it first: helm template FOLDER | podwright audit -');
  if ('problem' in rendered) {
    const message = `cannot be rendered: ${rendered.problem}`;
    return isNamed || values.length > 0
      ? { ...none, problems: [{ file, message }] }
      : leftOut(`it needs values (--values FILE): ${rendered.problem}`);
  }
  return placedInTemplates(folder, file, rendered.text);
}

/** Helm writes `# Source: chart/templates/web.yaml` above each object. */
async function placedInTemplates(folder: string, chart: string, text: string): Promise<Manifests> {
  const { manifests, problems, skipped } = parseManifests(chart, text);
  const sources = [...text.matchAll(/^# Source: [^/\n]+\/(.+)$/gm)];
  const placed: Manifest[] = [];
  const texts = new Map<string, string>();
  for (const manifest of manifests) {
    const { line } = manifest.document.start;
    const source = sources.findLast(({ index }) => lineOf(text, index) <= line)?.[1];
    const file = source === undefined ? chart : path.join(folder, source);
    if (!texts.has(file)) texts.set(file, await readFile(file, 'utf8').catch(() => ''));
    placed.push(atStartOf(file, manifest, kindLine(texts.get(file) ?? '', manifest.object.kind)));
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
