import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Returns why a path is skipped; undefined if it is not. */
export type Exclusion = (file: string, isFolder: boolean) => string | undefined;

/** The file with patterns to skip in its directory, in the syntax of `.gitignore`. */
const ignoreFile = '.podwrightignore';

/** Patterns of the command line, relative to both the working directory and the searched directory. */
export function excludedBy(globs: readonly string[], folder: string): Exclusion {
  const patterns = ignore().add([...globs]);
  return (file, isFolder) =>
    [process.cwd(), folder].some((base) => matches(patterns, base, file, isFolder))
      ? 'it matches --exclude'
      : undefined;
}

/** The exclusions of this directory's ignore file; undefined if there is none. */
export async function ignoredBelow(folder: string): Promise<Exclusion | undefined> {
  const file = path.join(folder, ignoreFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const patterns = ignore().add(text);
  return (path, isFolder) => (matches(patterns, folder, path, isFolder) ? `it matches ${file}` : undefined);
}

/** Paths outside the directory never match. */
function matches(patterns: Ignore, folder: string, file: string, isFolder: boolean): boolean {
  const relative = path.relative(folder, file).split(path.sep).join('/');
  return ignore.isPathValid(relative) && patterns.ignores(isFolder ? `${relative}/` : relative);
}
