import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';

/** A watch of files until it is closed. */
export interface FileWatch {
  close(): void;
}

/** Time for files that are written one after the other. */
const settleMs = 50;
const defaultPollMs = 10_000;

/**
 * Calls `look` whenever one of the files may have changed, and additionally every `pollMs`. Directories are watched
 * instead of files, because Kubernetes replaces mounted files by moving a symlink; polling covers file systems that
 * report no changes. Only one `look` runs at a time; it must check for changes itself, and must never reject.
 */
export function watchFiles(
  files: readonly string[],
  look: () => Promise<void>,
  { log, pollMs = defaultPollMs }: { readonly log: Logger; readonly pollMs?: number | undefined },
): FileWatch {
  let state: 'idle' | 'looking' | 'look again' | 'closed' = 'idle';
  let settling: NodeJS.Timeout | undefined;
  async function run(): Promise<void> {
    if (state === 'looking') state = 'look again';
    if (state !== 'idle') return;
    state = 'looking';
    await look();
    const again = (state as string) === 'look again';
    if ((state as string) !== 'closed') state = 'idle';
    if (again) await run();
  }
  function soon(): void {
    clearTimeout(settling);
    settling = setTimeout(() => void run(), settleMs);
  }
  const watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) => watchFolder(folder, soon, log));
  const poll = setInterval(() => void run(), pollMs).unref();
  return {
    close() {
      state = 'closed';
      clearTimeout(settling);
      clearInterval(poll);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watchFolder(folder: string, onEvent: () => void, log: Logger): FSWatcher[] {
  const onError = (error: unknown): void =>
    log.debug({ err: error, folder }, 'cannot watch the directory; polling for changes instead');
  try {
    return [watch(folder, { persistent: false }, onEvent).on('error', onError)];
  } catch (error) {
    onError(error);
    return [];
  }
}
