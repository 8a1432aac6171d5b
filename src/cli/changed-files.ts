import { realpathSync } from 'node:fs';
import path from 'node:path';
import { getBuiltinModule } from 'node:process';
import { promisify } from 'node:util';
import type { ManifestSource } from '../manifests/manifest-files.ts';
import { decodeText } from '../yaml/encoding.ts';

/** The changes since a revision according to git; all paths are absolute. */
export interface Changes {
  /** Files, and submodules, that have changed: committed, uncommitted or untracked. */
  readonly files: ReadonlySet<string>;
  /** Files and directories that git ignores, so that it does not know whether they have changed. */
  readonly ignored: ReadonlySet<string>;
  /** The directory of the repository; git knows nothing of others. */
  readonly root: string;
  /** Files that were there before, and have changed or are gone. */
  readonly before: ReadonlySet<string>;
  /** The commit that the changes start from. */
  readonly base: string;
}

/** The changes since a revision branched off; a problem if git fails. */
export async function changedSince(revision: string): Promise<Changes | { readonly problem: string }> {
  if (revision.startsWith('-')) return { problem: `--changed-since: ${revision} is not a revision` };
  try {
    const root = (await git('rev-parse', '--show-toplevel')).trimEnd();
    const changed = await git('diff', '--name-only', '-z', '--diff-filter=d', '--merge-base', revision, '--');
    const before = await git(
      'diff',
      '--name-only',
      '-z',
      '--no-renames',
      '--diff-filter=DMT',
      '--merge-base',
      revision,
      '--',
    );
    const base = (await git('merge-base', revision, 'HEAD')).trimEnd();
    const others = ['ls-files', '--others', '--exclude-standard', '--full-name', '-z'];
    const untracked = await git(...others, '--', root);
    const ignored = await git(...others, '--ignored', '--directory', '--', root);
    const pathsIn = (names: string): ReadonlySet<string> =>
      new Set(
        names
          .split('\0')
          .filter((name) => name !== '')
          .map((name) => path.resolve(root, name)),
      );
    return { files: pathsIn(`${changed}${untracked}`), ignored: pathsIn(ignored), root, before: pathsIn(before), base };
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return { problem: '--changed-since needs git, which is not on PATH' };
    const reason = (stderr ?? '').split('\n').find((line) => line !== '') ?? message;
    return { problem: `--changed-since ${revision}: git says ${reason.replace(/^fatal: /, '')}` };
  }
}

async function git(...args: string[]): Promise<string> {
  // loaded on demand: it takes a tenth of the time of a small command
  const { execFile } = getBuiltinModule('node:child_process');
  return (await promisify(execFile)('git', args, { cwd: process.cwd(), maxBuffer: 1e9 })).stdout;
}

/** The texts of files before their change, apart from those that git does not have, such as submodules. */
export async function* textsAt({ base, root }: Changes, files: readonly string[]): AsyncGenerator<string> {
  const { execFile } = getBuiltinModule('node:child_process');
  for (const file of files) {
    const name = `${base}:${path.relative(root, file).split(path.sep).join('/')}`;
    const options = { cwd: root, maxBuffer: 1e9, encoding: 'buffer' } as const;
    const blob = await promisify(execFile)('git', ['cat-file', 'blob', name], options).catch(() => undefined);
    if (blob !== undefined) yield decodeText(blob.stdout);
  }
}

/**
 * Whether a source may have changed: it did, or git does not know, because it is outside the repository or was named
 * explicitly although git ignores it.
 */
export async function mayHaveChanged(
  source: ManifestSource,
  { files, before, ignored, root }: Changes,
  values: readonly string[] = [],
): Promise<boolean> {
  // what is rendered also lacks the files that are gone
  const changed = 'file' in source ? files : new Set([...files, ...before]);
  if (await isChanged(source, changed, values)) return true;
  const above = foldersAbove(realPathOf(placeOf(source)));
  const isNamed = 'kustomization' in source || source.isNamed;
  return !above.includes(root) || (isNamed && above.some((each) => ignored.has(each)));
}

function placeOf(source: ManifestSource): string {
  if ('file' in source) return source.file;
  return 'chart' in source ? source.chart : source.kustomization.folder;
}

/**
 * Whether a source is among the changed files or in a changed submodule, with links resolved: for rendered ones any file
 * that it is made of. Standard input counts.
 */
export async function isChanged(
  source: ManifestSource,
  changed: ReadonlySet<string>,
  values: readonly string[] = [],
): Promise<boolean> {
  if ('file' in source) {
    if (source.file === '-') return true;
    return foldersAbove(realPathOf(source.file)).some((above) => changed.has(above));
  }
  const { inputsOf } = await import('../manifests/source-inputs.ts');
  const inputs = new Set(inputsOf(source, values).map(realPathOf));
  return [...changed].some((file) => foldersAbove(file).some((above) => inputs.has(above)));
}

/** The file itself, and the folders that it is in. */
export function foldersAbove(file: string): string[] {
  const above = [file];
  for (let at = file; at !== path.dirname(at); at = path.dirname(at)) above.push(path.dirname(at));
  return above;
}

/** The path with all links resolved. */
export function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // the file does not exist, or is standard input
    return path.resolve(file);
  }
}
