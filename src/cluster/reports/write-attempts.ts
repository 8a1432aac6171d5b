import type { Logger } from 'pino';
import { ApiError, statusOf, systemClock } from '../api/index.ts';
import { isUnknownKind, type WriteResult } from './stored-reports.ts';

/** The result of a write; `over_limit` if it was skipped because the limit of Reports is reached. */
export type ReportWrite = 'created' | 'updated' | 'deleted' | 'failed' | 'over_limit';

/** Requests that write Reports. They end when the API server rejects too many of them, or lacks their kind. */
export interface WriteAttempts {
  /** Whether no more requests are made. */
  readonly isOver: boolean;
  /** Never rejects. The write of a Report that is named so, unless requests are over. */
  attempt(report: string, write: () => Promise<WriteResult>): Promise<WriteResult | 'failed'>;
  /** Counts a Report that is not written. */
  drop(): 'failed';
  /** Makes requests again after too many were rejected. */
  resume(): void;
}

export interface AttemptOptions {
  readonly onWrite: (result: ReportWrite) => void;
  /** Logs a problem, once a minute per reason. */
  readonly complain: (reason: string, say: () => void) => void;
  readonly log: Logger;
  readonly signal: AbortSignal | undefined;
}

/** After this many consecutive errors, no more requests are made. */
const maxRejections = 10;
const longestWaitMs = 30_000;
/** Errors that concern only this Report. */
const ownFaults: ReadonlySet<number | undefined> = new Set([400, 409, 413, 422]);

/** The attempts of one scan. */
export function openAttempts({ onWrite, complain, log, signal }: AttemptOptions): WriteAttempts {
  let rejections = 0;
  let isKnown = true;
  const isOver = (): boolean => !isKnown || rejections >= maxRejections || signal?.aborted === true;

  function failed(report: string, error: unknown): void {
    if (signal?.aborted) return;
    if (isUnknownKind(error)) {
      isKnown = false;
      return;
    }
    onWrite('failed');
    const problem = (error as Error).message;
    complain(problem, () => log.warn({ report, problem }, 'dropped a report; the next scan retries it'));
    if (ownFaults.has(statusOf(error))) return;
    rejections++;
    if (rejections === maxRejections)
      log.warn({ problem }, 'the API server rejects reports; dropping the rest of this scan');
  }

  function drop(): 'failed' {
    if (isKnown && !signal?.aborted) onWrite('failed');
    return 'failed';
  }

  return {
    get isOver() {
      return isOver();
    },
    async attempt(report, write) {
      if (isOver()) return drop();
      try {
        const result = await patiently(write, signal);
        rejections = 0;
        if (result !== 'unchanged' && result !== 'gone') onWrite(result);
        return result;
      } catch (error) {
        failed(report, error);
        return 'failed';
      }
    },
    drop,
    resume() {
      rejections = 0;
    },
  };
}

/** Retries once if the API server asks to wait. */
async function patiently<T>(write: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ApiError) || error.retryAfterMs === undefined) throw error;
    await systemClock.pause(Math.min(error.retryAfterMs, longestWaitMs), signal);
    signal?.throwIfAborted();
    return write();
  }
}
