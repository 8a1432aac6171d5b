import { existsSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readWholeNow } from '../files/read-whole.ts';
import { decodeText } from '../yaml/encoding.ts';

/** Returns why a path is skipped; undefined if it is not. */
export type Exclusion = (file: string, isFolder: boolean) => string | undefined;

/** The file with patterns to skip in its directory and below, in the syntax of `.gitignore`. */
const ignoreFile = '.podwrightignore';
const maxBytes = 1024 * 1024;

/** The patterns of an ignore file. */
interface IgnoreFile {
  readonly folder: string;
  readonly patterns: Ignore;
}

/**
 * The paths that are skipped below a searched directory, by patterns of the command line, which are relative to the
 * working directory and to that directory, and by the ignore files in the directory of each path and above.
 */
export function exclusionsOf(globs: readonly string[]): (searched: string) => Exclusion {
  const excluded = patternsOf([...globs]);
  const ignoreFilesIn = rememberedIgnoreFiles();
  return (searched) => (file, isFolder) => {
    const isExcluded =
      globs.length > 0 && [process.cwd(), searched].some((base) => resultOf(excluded, base, file, isFolder)?.ignored);
    if (isExcluded) return 'it matches --exclude';
    const target = path.resolve(file);
    return ignoredBy(ignoreFilesIn(path.dirname(target)), target, isFolder);
  };
}

/** As in git, capitals count. */
const patternsOf = (patterns: string | readonly string[]): Ignore => ignore({ ignorecase: false }).add(patterns);

/** Reads the ignore files of a directory and of those above, up to the root of the repository, the outermost first. */
function rememberedIgnoreFiles(): (folder: string) => readonly IgnoreFile[] {
  const known = new Map<string, readonly IgnoreFile[]>();
  const ignoreFilesIn = (folder: string): readonly IgnoreFile[] => {
    const found = known.get(folder) ?? read(folder);
    known.set(folder, found);
    return found;
  };
  function read(folder: string): readonly IgnoreFile[] {
    const above = path.dirname(folder);
    const isTop = above === folder || existsSync(path.join(folder, '.git'));
    const outer = isTop ? [] : ignoreFilesIn(above);
    const content = readWholeNow(path.join(folder, ignoreFile), { maxBytes });
    return 'bytes' in content ? [...outer, { folder, patterns: patternsOf(decodeText(content.bytes)) }] : outer;
  }
  return ignoreFilesIn;
}

/** As in git, the innermost file that matches decides, but nothing in a skipped directory can be included again. */
function ignoredBy(files: readonly IgnoreFile[], target: string, isFolder: boolean): string | undefined {
  const above = path.dirname(target);
  if (files.length === 0 || above === target) return undefined;
  let reason = ignoredBy(files, above, true);
  if (reason !== undefined) return reason;
  for (const { folder, patterns } of files) {
    const result = resultOf(patterns, folder, target, isFolder);
    if (result?.ignored === true) reason = `it matches ${shownPath(path.join(folder, ignoreFile))}`;
    else if (result?.unignored === true) reason = undefined;
  }
  return reason;
}

/** Undefined for a path outside the directory, which never matches. */
function resultOf(patterns: Ignore, folder: string, file: string, isFolder: boolean) {
  const relative = path.relative(folder, file).split(path.sep).join('/');
  return ignore.isPathValid(relative) ? patterns.test(isFolder ? `${relative}/` : relative) : undefined;
}

/** Relative below the working directory. */
function shownPath(file: string): string {
  const relative = path.relative('', file);
  return relative.startsWith('..') ? file : relative;
}
