import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

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

/** Whether a file is among them, with links resolved. */
export function isAmong(files: ReadonlySet<string>, file: string): boolean {
  try {
    return files.has(realpathSync(file));
  } catch {
    // the file does not exist, or is standard input
    return files.has(path.resolve(file));
  }
}
