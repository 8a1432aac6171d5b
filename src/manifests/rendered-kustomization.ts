import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';
import { type Kustomization, kustomizationIn, objectFilesOf } from './kustomization.ts';
import {
  ignoredIn,
  type Manifest,
  type Manifests,
  noManifests,
  objectsWritten,
  parseManifests,
} from './read-manifests.ts';
import { renderKustomization } from './render.ts';
import { atStartOf, type Render, unrendered } from './render-outcome.ts';
import { placedAt, type Sources, sourceObjectsOf } from './source-place.ts';

const maxBytes = 16 * 1024 * 1024;

/** The text that Kustomize renders. If that fails, the reason as a problem; without Kustomize, the file as skipped. */
export async function renderedKustomization({ file, folder }: Kustomization): Promise<Render> {
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

/** The rendered objects, with positions in the files from which Kustomize built them. */
export async function placedInSources(kustomization: Kustomization, text: string): Promise<Manifests> {
  const { file } = kustomization;
  const { manifests, problems, skipped } = parseManifests(file, text);
  const sources = await sourcesOf(kustomization);
  const placed = manifests.map((manifest) => {
    const origin = sourceObjectsOf(manifest, sources);
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
