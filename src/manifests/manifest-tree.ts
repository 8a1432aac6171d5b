import { type Dirent, readdirSync, statSync } from 'node:fs';
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
export function searchFolder(folder: string, exclusion: Exclusion, tree: ManifestTree): void {
  const entries = entriesOf(folder);
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
    ? kustomizationIn(folder)
    : undefined;
  if (kustomization !== undefined) tree.kustomizations.push(kustomization);
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    if (path.join(folder, entry.name) !== kustomization?.file) addEntry(folder, entry, exclusion, tree);
}

function addEntry(folder: string, entry: Dirent, exclusion: Exclusion, tree: ManifestTree): void {
  const file = path.join(folder, entry.name);
  const isFolder = entry.isDirectory();
  if (isFolder && (entry.name.startsWith('.') || entry.name === 'node_modules')) return;
  if (!isFolder && !isManifestName(entry.name)) return;
  const reason = exclusion(file, isFolder);
  if (reason !== undefined) tree.leftOut.push({ file, reason });
  else if (isFolder) searchFolder(file, exclusion, tree);
  else if (!leadsToFolder(entry, file)) tree.files.push(file);
}

/** A broken link counts as a file, so that reading it reports the error. */
const leadsToFolder = (entry: Dirent, file: string): boolean => entry.isSymbolicLink() && isDirectory(file);

/** Whether the path leads to a directory; false if it leads nowhere. */
export function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    // what it leads to cannot be told
    return false;
  }
}

function entriesOf(folder: string): Dirent[] | Error {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return error as Error;
  }
}
