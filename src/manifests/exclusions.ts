import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Says why a path is left out; undefined for one that is not. */
export type Exclusion = (file: string, isFolder: boolean) => string | undefined;

/** The file that says what is left out of the folder that it is in, in the words of `.gitignore`. */
const ignoreFile = '.podwrightignore';

/** Patterns of the command line, which are relative to the working directory and to the folder that is searched. */
export function excludedBy(globs: readonly string[], folder: string): Exclusion {
  const patterns = ignore().add([...globs]);
  return (file, isFolder) =>
    [process.cwd(), folder].some((base) => matches(patterns, base, file, isFolder)) ? '--exclude names it' : undefined;
}

/** What the file of this folder leaves out; undefined where there is no such file. */
export async function ignoredBelow(folder: string): Promise<Exclusion | undefined> {
  const file = path.join(folder, ignoreFile);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const patterns = ignore().add(text);
  return (path, isFolder) => (matches(patterns, folder, path, isFolder) ? `${file} names it` : undefined);
}

/** Paths outside of the folder match nothing. */
function matches(patterns: Ignore, folder: string, file: string, isFolder: boolean): boolean {
  const relative = path.relative(folder, file).split(path.sep).join('/');
  return ignore.isPathValid(relative) && patterns.ignores(isFolder ? `${relative}/` : relative);
}
