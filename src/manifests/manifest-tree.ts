import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Exclusion } from './exclusions.ts';
import { type Kustomization, kustomizationIn, kustomizationNames } from './kustomization.ts';

/** A path that was found but skipped, and the reason. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** The inputs in a directory, in the order in which they were found. */
export interface ManifestTree {
  readonly files: string[];
  readonly kustomizations: Kustomization[];
  /** The directories of charts. */
  readonly charts: string[];
  readonly leftOut: LeftOut[];
  /** Directories that could not be listed, with the reason. */
  readonly unreadable: LeftOut[];
}

export const emptyTree = (): ManifestTree => ({
  files: [],
  kustomizations: [],
  charts: [],
  leftOut: [],
  unreadable: [],
});

/** Whether a file in a directory is read as a manifest, by its name. */
export const isManifestName = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

/**
 * Adds the content of a directory: every `*.yaml`, `*.yml` and `*.json`, sorted, kustomizations and charts. Hidden
 * directories and `node_modules` are skipped, links to directories are not followed, and files in a chart belong to the
 * chart.
 */
export async function searchFolder(folder: string, exclusion: Exclusion, tree: ManifestTree): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => error);
  if (entries instanceof Error) {
    tree.unreadable.push({ file: folder, reason: entries.message });
    return;
  }
  const names = new Set(entries.map(({ name }) => name));
  if (names.has('Chart.yaml')) {
    tree.charts.push(folder);
    return;
  }
  const kustomization = names.values().some((name) => kustomizationNames.includes(name))
    ? await kustomizationIn(folder)
    : undefined;
  if (kustomization !== undefined) tree.kustomizations.push(kustomization);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    if (path.join(folder, entry.name) !== kustomization?.file) await addEntry(folder, entry, exclusion, tree);
}

async function addEntry(folder: string, entry: Dirent, exclusion: Exclusion, tree: ManifestTree) {
  const file = path.join(folder, entry.name);
  const isFolder = entry.isDirectory();
  if (isFolder && (entry.name.startsWith('.') || entry.name === 'node_modules')) return;
  if (!isFolder && !isManifestName(entry.name)) return;
  const reason = await exclusion(file, isFolder);
  if (reason !== undefined) tree.leftOut.push({ file, reason });
  else if (isFolder) await searchFolder(file, exclusion, tree);
  else if (!(await leadsToFolder(entry, file))) tree.files.push(file);
}

/** A broken link counts as a file, so that reading it reports the error. */
async function leadsToFolder(entry: Dirent, file: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  return stat(file).then(
    (target) => target.isDirectory(),
    () => false,
  );
}
