import { type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { getBuiltinModule } from 'node:process';
import { type Exclusion, exclusionsOf } from './exclusions.ts';
import { type Kustomization, kustomizationNames, readKustomization } from './kustomization.ts';
import {
  emptyTree,
  isDirectory,
  isManifestName,
  type LeftOut,
  type ManifestTree,
  searchFolder,
} from './manifest-tree.ts';

/** The path that stands for standard input. */
export const standardInput = '-';

/** An input to read; `isNamed` if the path was given explicitly. */
export type ManifestSource =
  | { readonly file: string; readonly isNamed: boolean }
  | { readonly kustomization: Kustomization }
  | { readonly chart: string; readonly isNamed: boolean };

/** The inputs that paths name, in order and without duplicates. */
export interface ManifestSources {
  readonly sources: readonly ManifestSource[];
  readonly leftOut: readonly LeftOut[];
  readonly unreadable: readonly LeftOut[];
  /** Found where only files as written are wanted, but what it contains would have to be rendered. */
  readonly unrendered: readonly LeftOut[];
  /** Why given paths name nothing; the others are read. */
  readonly missing: readonly LeftOut[];
}

export interface FindOptions {
  /** Patterns to skip, in the syntax of `.gitignore`. */
  readonly exclude?: readonly string[];
  /** If false, only read files as written, and do not render kustomizations and charts. */
  readonly render?: boolean;
}

interface Search {
  readonly exclusionBelow: (folder: string) => Exclusion;
  readonly tree: ManifestTree;
  /** The absolute paths that were given explicitly or matched a pattern. */
  readonly named: Set<string>;
}

/**
 * Finds the inputs that the paths name: files, directories with their content, and files that match a pattern.
 * Kustomize and Helm render kustomizations and charts; a file or directory that a kustomization uses is not read
 * separately. `-` stays. `missing` has the reason for each path that names nothing;
 * if none names anything, or nothing may be rendered and one is a chart, there is nothing else.
 */
export async function findManifests(
  paths: readonly string[],
  { exclude = [], render = true }: FindOptions = {},
): Promise<ManifestSources | Pick<ManifestSources, 'missing'>> {
  const search: Search = { exclusionBelow: exclusionsOf(exclude), tree: emptyTree(), named: new Set() };
  const missing: LeftOut[] = [];
  for (const given of paths) {
    const reason = given === standardInput ? void search.tree.files.push(given) : await addPath(given, search);
    if (reason !== undefined) missing.push({ file: given, reason });
  }
  if (missing.length === paths.length) return { missing };
  if (render) return { ...sourcesOf(search), missing };
  const chart = search.tree.charts.find((folder) => search.named.has(path.resolve(folder)));
  if (chart === undefined) return { ...writtenSources(search), missing };
  return { missing: [...missing, { file: chart, reason: unrenderedReason(chart) }] };
}

/** Adds the inputs of one path or pattern, or returns the problem. */
async function addPath(given: string, search: Search): Promise<string | undefined> {
  const entry = entryOf(given);
  if (!(entry instanceof Error)) return addFound(given, entry.isDirectory(), search);
  if (entry.code !== 'ENOENT') return `cannot be read: ${entry.message}`;
  if (!/[*?[{]/.test(given)) return 'no such file or directory';
  const files: string[] = [];
  const folders: string[] = [];
  const written = new Set(given.split('/'));
  // the glob gives names, and paths for those above
  const exclude = (found: string): boolean =>
    !written.has(path.basename(found)) && /^(?:\..+|node_modules)$/.test(path.basename(found));
  const { glob } = getBuiltinModule('node:fs/promises');
  for await (const match of glob(given, { exclude })) {
    // a broken link counts as a file, so that reading it reports the error
    if (isDirectory(match)) folders.push(match);
    else if (isManifestName(match)) files.push(match);
  }
  const matches = files.length > 0 ? files : folders;
  if (matches.length === 0) return 'no manifest matches';
  for (const match of matches.toSorted()) addFound(match, matches === folders, search);
  return undefined;
}

function entryOf(given: string): Stats | NodeJS.ErrnoException {
  try {
    return statSync(given);
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function addFound(given: string, isFolder: boolean, { exclusionBelow, tree, named }: Search): string | undefined {
  const folder = isFolder ? given : path.dirname(given);
  const exclusion = exclusionBelow(folder);
  const reason = exclusion(given, isFolder);
  named.add(path.resolve(given));
  if (reason !== undefined) {
    tree.leftOut.push({ file: given, reason });
    return undefined;
  }
  if (!isFolder) {
    const isNamedSo = kustomizationNames.includes(path.basename(given));
    const kustomization = isNamedSo ? readKustomization(given) : undefined;
    if (kustomization === undefined) tree.files.push(given);
    else {
      tree.kustomizations.push(kustomization);
      named.add(path.resolve(folder));
    }
    return undefined;
  }
  const before = sizeOf(tree);
  searchFolder(folder, exclusion, tree);
  return sizeOf(tree) > before ? undefined : 'no *.yaml, *.yml or *.json file in the directory';
}

const sizeOf = (tree: ManifestTree): number => Object.values(tree).reduce((sum, list) => sum + list.length, 0);

function sourcesOf({ tree, named }: Search): Omit<ManifestSources, 'missing'> {
  const parts = new Map(tree.kustomizations.flatMap(({ file, parts }) => parts.map((part) => [part, file] as const)));
  const ownerOf = (file: string): string | undefined =>
    named.has(path.resolve(file)) ? undefined : parts.get(path.resolve(file));
  const leftOut = [...tree.leftOut];
  const isWhole = (file: string): boolean => {
    const owner = ownerOf(file);
    if (owner !== undefined) leftOut.push({ file, reason: `it is a part of ${owner}` });
    return owner === undefined;
  };
  const sources: ManifestSource[] = [
    ...distinct(tree.files)
      .filter(isWhole)
      .map((file) => ({ file, isNamed: file === standardInput || named.has(path.resolve(file)) })),
    ...tree.kustomizations
      .filter(({ folder, isComponent }) => !isComponent && isWhole(folder))
      .map((kustomization) => ({ kustomization })),
    ...distinct(tree.charts)
      .filter(isWhole)
      .map((chart) => ({ chart, isNamed: named.has(path.resolve(chart)) })),
  ];
  return { sources, leftOut, unreadable: tree.unreadable, unrendered: [] };
}

const unrenderedReason = (chart: string): string =>
  `it is a chart, and templates cannot be edited; render it: helm template ${chart} | podwright fix -`;

/** The files with complete objects. */
function writtenSources({ tree, named }: Search): Omit<ManifestSources, 'missing'> {
  const whole = new Set(tree.kustomizations.flatMap(({ resources }) => resources));
  const parts = new Set(tree.kustomizations.flatMap((each) => each.parts));
  const isWhole = (file: string): boolean => named.has(file) || whole.has(file) || !parts.has(file);
  const sources = distinct(tree.files)
    .filter((file) => isWhole(path.resolve(file)))
    .map((file) => ({ file, isNamed: file === standardInput || named.has(path.resolve(file)) }));
  const unrendered = distinct(tree.charts).map((chart) => ({ file: chart, reason: unrenderedReason(chart) }));
  return { sources, leftOut: tree.leftOut, unreadable: tree.unreadable, unrendered };
}

/** Each path once, in its first spelling. */
function distinct(files: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const file of files) {
    const identity = file === standardInput ? file : path.resolve(file);
    if (!found.has(identity)) found.set(identity, file);
  }
  return [...found.values()];
}
