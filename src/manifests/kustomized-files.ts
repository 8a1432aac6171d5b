import path from 'node:path';
import { kustomizationIn, objectFilesOf } from './kustomization.ts';
import { type FindOptions, findManifests, standardInput } from './manifest-files.ts';

/** The kustomizations at some paths, and the files beside them. */
export interface KustomizedFiles {
  /** The files of the kustomizations, each with the absolute paths of the files whose objects it renders. */
  readonly kustomizations: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files that are checked separately. */
  readonly others: readonly string[];
}

/** Finds the kustomizations at some paths, and those that render files with these paths in their own directory. */
export async function kustomizedFiles(
  paths: readonly string[],
  { exclude = [] }: FindOptions,
): Promise<KustomizedFiles> {
  const found = await findManifests(paths, { exclude });
  const sources = 'sources' in found ? found.sources : [];
  const kustomizations = new Map<string, ReadonlySet<string>>();
  for (const source of sources)
    if ('kustomization' in source) kustomizations.set(source.kustomization.file, objectFilesOf(source.kustomization));
  const files = sources.flatMap((source) => ('file' in source && source.file !== standardInput ? [source.file] : []));
  const others: string[] = [];
  for (const [folder, own] of Map.groupBy(files, (file) => path.dirname(file))) {
    const beside = kustomizationIn(folder);
    const rendered = beside === undefined || beside.isComponent ? undefined : objectFilesOf(beside);
    const separate = own.filter((file) => rendered?.has(path.resolve(file)) !== true);
    if (beside !== undefined && rendered !== undefined && separate.length < own.length)
      kustomizations.set(beside.file, rendered);
    others.push(...separate);
  }
  return { kustomizations, others };
}
