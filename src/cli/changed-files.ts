import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ManifestSource } from '../manifests/manifest-files.ts';

/**
 * The absolute paths of files that have changed since a revision branched off: committed, uncommitted or untracked. A
 * problem if git fails.
 */
export async function changedSince(
  revision: string,
): Promise<{ readonly files: ReadonlySet<string> } | { readonly problem: string }> {
  if (revision.startsWith('-')) return { problem: `--changed-since: ${revision} is not a revision` };
  try {
    const root = (await git('rev-parse', '--show-toplevel')).trimEnd();
    const changed = await git('diff', '--name-only', '-z', '--diff-filter=d', '--merge-base', revision, '--');
    const unknown = await git('ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', root);
    const names = `${changed}${unknown}`.split('\0').filter((name) => name !== '');
    return { files: new Set(names.map((name) => path.join(root, name))) };
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return { problem: '--changed-since needs git, which is not on PATH' };
    const reason = (stderr ?? '').split('\n').find((line) => line !== '') ?? message;
    return { problem: `--changed-since ${revision}: git says ${reason.replace(/^fatal: /, '')}` };
  }
}

async function git(...args: string[]): Promise<string> {
  // loaded on demand: it takes a tenth of the time of a small command
  const { execFile } = await import('node:child_process');
  return (await promisify(execFile)('git', args, { cwd: process.cwd(), maxBuffer: 1e9 })).stdout;
}

/** Whether a source is among them, with links resolved: for rendered ones any file that it is made of. Standard input counts. */
export async function isChanged(
  source: ManifestSource,
  changed: ReadonlySet<string>,
  values: readonly string[] = [],
): Promise<boolean> {
  if ('file' in source) return source.file === '-' || changed.has(realPathOf(source.file));
  const { inputsOf } = await import('../manifests/source-inputs.ts');
  const inputs = new Set((await inputsOf(source, values)).map(realPathOf));
  return [...changed].some((file) => foldersAbove(file).some((above) => inputs.has(above)));
}

/** The file itself, and the folders that it is in. */
function foldersAbove(file: string): string[] {
  const above = [file];
  for (let at = file; at !== path.dirname(at); at = path.dirname(at)) above.push(path.dirname(at));
  return above;
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // the file does not exist, or is standard input
    return path.resolve(file);
  }
}
