import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The name of standard input among paths. */
export const standardInput = '-';

/** The files that paths name, in order and each once, and the folders that could not be listed. */
export interface ManifestFiles {
  readonly files: readonly string[];
  readonly unreadable: readonly UnreadableFolder[];
}

interface UnreadableFolder {
  readonly folder: string;
  readonly message: string;
}

/**
 * Files as they are, folders with every `*.yaml`, `*.yml` and `*.json` below them, sorted; hidden folders and
 * `node_modules` are left out, links to folders are not followed. `-` stays as it is. A path that names nothing is
 * `missing`, with what is wrong with it.
 */
export async function findManifestFiles(
  paths: readonly string[],
): Promise<ManifestFiles | { readonly missing: string }> {
  const files = new Map<string, string>();
  const unreadable: UnreadableFolder[] = [];
  for (const given of paths) {
    const found = await filesOf(given, unreadable);
    if (typeof found === 'string') return { missing: found };
    for (const file of found) {
      const identity = file === standardInput ? file : path.resolve(file);
      if (!files.has(identity)) files.set(identity, file);
    }
  }
  return { files: [...files.values()], unreadable };
}

/** The files of one path, or what is wrong with it. */
async function filesOf(given: string, unreadable: UnreadableFolder[]): Promise<readonly string[] | string> {
  if (given === standardInput) return [given];
  const entry = await stat(given).catch((error: NodeJS.ErrnoException) => error);
  if (entry instanceof Error)
    return entry.code === 'ENOENT' ? `no such file or folder: ${given}` : `cannot read ${given}: ${entry.message}`;
  if (!entry.isDirectory()) return [given];
  const files = await filesBelow(given, unreadable);
  return files.length + unreadable.length > 0 ? files : `no *.yaml, *.yml or *.json file in the folder ${given}`;
}

async function filesBelow(folder: string, unreadable: UnreadableFolder[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => error);
  if (entries instanceof Error) {
    unreadable.push({ folder, message: entries.message });
    return [];
  }
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isSkipped = entry.name.startsWith('.') || entry.name === 'node_modules';
      if (!isSkipped) files.push(...(await filesBelow(below, unreadable)));
    } else if (/\.(ya?ml|json)$/.test(entry.name) && !(await leadsToFolder(below))) files.push(below);
  }
  return files;
}

/** A link that leads nowhere counts as a file, so that reading it says what is wrong. */
const leadsToFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
