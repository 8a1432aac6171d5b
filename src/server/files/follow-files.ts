import type { Logger } from 'pino';
import { watchFiles } from './watch-files.ts';

/** What the files hold, or why it is not fit for use. */
export type FileContent<T> = { readonly value: T } | { readonly problem: string };

export interface FollowedFiles<T> {
  /** The last fit content. */
  readonly value: T;
  close(): void;
}

/**
 * Follows files whose content has been read once. New content that is not fit is logged and passed over, so that the old
 * one stays; it is looked at again whenever the files change, and with every poll.
 */
export function followFiles<T>(
  first: T,
  options: {
    readonly files: Readonly<Record<string, string>>;
    readonly read: () => Promise<FileContent<T>>;
    readonly isSame: (one: T, other: T) => boolean;
    readonly onChange: (value: T) => void;
    /** The message when the content is not fit. */
    readonly complaint: string;
    readonly log: Logger;
    readonly pollMs?: number | undefined;
  },
): FollowedFiles<T> {
  const { files, read, isSame, onChange, complaint, log } = options;
  let value = first;
  let lastProblem: string | undefined;
  async function look(): Promise<void> {
    const found = await read();
    const problem = 'problem' in found ? found.problem : undefined;
    const isNewProblem = problem !== lastProblem;
    lastProblem = problem;
    if ('problem' in found) {
      if (isNewProblem) log.warn({ ...files, problem }, complaint);
      return;
    }
    if (isSame(found.value, value)) return;
    value = found.value;
    onChange(value);
  }
  const watch = watchFiles(Object.values(files), look, options);
  return {
    get value() {
      return value;
    },
    close: () => watch.close(),
  };
}
