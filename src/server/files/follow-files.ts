import type { Logger } from 'pino';
import { watchFiles } from './watch-files.ts';

/** The content of the files, or why it is invalid. */
export type FileContent<T> = { readonly value: T } | { readonly problem: string };

/** The content of watched files. */
export interface FollowedFiles<T> {
  /** The last valid content. */
  readonly value: T;
  close(): void;
}

/**
 * Watches files that have been read once. Invalid new content is logged and ignored, so the old one stays in use; it is
 * checked again whenever the files change, and with every poll.
 */
export function followFiles<T>(
  first: T,
  options: {
    readonly files: Readonly<Record<string, string>>;
    readonly read: () => Promise<FileContent<T>>;
    readonly isSame: (one: T, other: T) => boolean;
    readonly onChange: (value: T) => void;
    /** The log message for invalid content. */
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
