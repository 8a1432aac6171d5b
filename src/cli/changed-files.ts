import { realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * The files that have changed since a revision, or since the working tree left it, as absolute paths: committed or not, and
 * those that git does not know yet. A problem where git cannot tell.
 */
export async function changedSince(
  revision: string,
): Promise<{ readonly files: ReadonlySet<string> } | { readonly problem: string }> {
  if (revision.startsWith('-')) return { problem: `--changed-since: ${revision} is no revision` };
  try {
    const root = (await git('rev-parse', '--show-toplevel')).trimEnd();
    const changed = await git('diff', '--name-only', '-z', '--diff-filter=d', '--merge-base', revision, '--');
    const unknown = await git('ls-files', '--others', '--exclude-standard', '--full-name', '-z', '--', root);
    const names = `${changed}${unknown}`.split('\0').filter((name) => name !== '');
    return { files: new Set(names.map((name) => path.join(root, name))) };
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return { problem: '--changed-since asks git, which is not on PATH' };
    const reason = (stderr ?? '').split('\n').find((line) => line !== '') ?? message;
    return { problem: `--changed-since ${revision}: git says ${reason.replace(/^fatal: /, '')}` };
  }
}

async function git(...args: string[]): Promise<string> {
  // loaded when it is needed: it takes a tenth of the time of a small command
  const { execFile } = await import('node:child_process');
  return (await promisify(execFile)('git', args, { cwd: process.cwd(), maxBuffer: 1e9 })).stdout;
}

/** Whether a file is among them, whatever links lead to it. */
export function isAmong(files: ReadonlySet<string>, file: string): boolean {
  try {
    return files.has(realpathSync(file));
  } catch {
    // it is not there, or it is standard input
    return files.has(path.resolve(file));
  }
}
