import { existsSync } from 'node:fs';
import path from 'node:path';
import { exclusionsOf } from '../manifests/exclusions.ts';
import type { ManifestSource } from '../manifests/manifest-files.ts';
import { isManifestName } from '../manifests/manifest-tree.ts';
import { type Changes, foldersAbove, mayHaveChanged, realPathOf, textsAt } from './changed-files.ts';

/** The changes of the input since a revision. */
export interface ChangedSources {
  isChanged(source: ManifestSource): Promise<boolean>;
  /** The former texts of input files that changed or are gone. */
  textsBefore(): AsyncIterable<string>;
}

/** The changes among the files that some paths name. */
export function changedSources(
  paths: readonly string[],
  changes: Changes,
  { exclude = [], values = [] }: { readonly exclude?: readonly string[]; readonly values?: readonly string[] },
): ChangedSources {
  const known = new Map<ManifestSource, Promise<boolean>>();
  const present = new Set<string>();
  const exclusion = exclusionsOf(exclude)(changes.root);
  const folders = paths.filter((given) => given !== '-').map(realPathOf);

  /** Whether a search would have found it. */
  function wasInput(file: string): boolean {
    const isBelow = folders.some((folder) => file === folder || file.startsWith(folder + path.sep));
    const isOfChart = foldersAbove(file).some((folder) => existsSync(path.join(folder, 'Chart.yaml')));
    return isBelow && !isOfChart && isManifestName(file) && exclusion(file, false) === undefined;
  }
  return {
    isChanged(source) {
      if ('file' in source) present.add(realPathOf(source.file));
      const found = known.get(source) ?? mayHaveChanged(source, changes, values);
      known.set(source, found);
      return found;
    },
    async *textsBefore() {
      const files: string[] = [];
      for (const file of changes.before)
        if (present.has(file) || (!changes.files.has(file) && wasInput(file))) files.push(file);
      if (files.length > 0) yield* textsAt(changes, files);
    },
  };
}
