import { existsSync } from 'node:fs';
import path from 'node:path';

/** The closest parent directory with `.git`; the directory itself if there is none. */
export function repositoryRootOf(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return folder;
  }
}

/** The path of a file from the repository's root, with `/`. */
export const repositoryPath = (file: string, root: string): string =>
  path.relative(root, path.resolve(file)).split(path.sep).join('/');
