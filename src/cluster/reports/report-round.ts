import type { Logger } from 'pino';
import type { Report, SubjectReport } from '../../audit/report.ts';
import { ApiError, statusOf, systemClock } from '../api/index.ts';
import {
  deleteReport,
  fingerprintOf,
  isUnknownKind,
  putReport,
  type ReportApi,
  reportKey,
  type StoredReport,
  type WriteOutcome,
} from './stored-reports.ts';
import type { WritePace } from './write-pace.ts';

/** The result of a write; `over_limit` if it was skipped because the limit of Reports is reached. */
export type ReportWrite = 'created' | 'updated' | 'deleted' | 'failed' | 'over_limit';

export interface ReportRoundOptions {
  readonly api: ReportApi;
  /** Reports of earlier scans by `reportKey`; written ones are removed from the map. */
  readonly stored: Map<string, StoredReport>;
  readonly pace: WritePace;
  readonly maxReports: number;
  readonly onWrite: (result: ReportWrite) => void;
  /** Logs a problem, once a minute per reason. */
  readonly complain: (reason: string, say: () => void) => void;
  readonly log: Logger;
  readonly signal: AbortSignal | undefined;
}

/** The Reports of one scan. Never rejects: failed writes are counted and left to the next scan. */
export interface ReportRound {
  write(subject: SubjectReport): Promise<void>;
  /** Deletes earlier Reports that were not written in this scan. */
  sweep(): Promise<void>;
}

/** After this many consecutive errors, no more requests are made. */
const maxRefusals = 10;
const longestWaitMs = 30_000;
/** Errors that concern only this Report. */
const ownFaults: ReadonlySet<number | undefined> = new Set([400, 409, 413, 422]);

/** Starts a round; `options.stored` has the Reports of earlier ones. */
export function startRound(options: ReportRoundOptions): ReportRound {
  const { api, stored, pace, maxReports, onWrite, complain, log, signal } = options;
  let total = stored.size;
  let refusals = 0;
  let isKnown = true;
  const isOver = (): boolean => !isKnown || refusals >= maxRefusals || signal?.aborted === true;

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
    refusals++;
    if (refusals === maxRefusals)
      log.warn({ problem }, 'the API server rejects reports; dropping the rest of this scan');
  }

  async function attempt(report: string, write: () => Promise<WriteOutcome>): Promise<WriteOutcome | 'failed'> {
    if (isOver()) return dropped();
    try {
      const outcome = await patiently(write, signal);
      refusals = 0;
      if (outcome !== 'unchanged' && outcome !== 'gone') onWrite(outcome);
      return outcome;
    } catch (error) {
      failed(report, error);
      return 'failed';
    }
  }

  function dropped(): 'failed' {
    if (isKnown && !signal?.aborted) onWrite('failed');
    return 'failed';
  }

  async function put(key: string, report: Report, before: StoredReport | undefined): Promise<void> {
    if (before === undefined && total >= maxReports) {
      onWrite('over_limit');
      complain('over the limit', () =>
        log.warn({ maxReports }, 'reached the maximum number of reports; creating no more'),
      );
      return;
    }
    if (before === undefined) total++;
    await pace.start(async () => {
      const outcome = await attempt(key, () => putReport(api, report, before, signal));
      if (before === undefined && (outcome === 'failed' || outcome === 'gone')) total--;
    });
  }

  async function remove(key: string, before: StoredReport): Promise<void> {
    await pace.start(async () => {
      const outcome = await attempt(key, () => deleteReport(api, before, signal));
      if (outcome !== 'failed') total--;
    });
  }

  return {
    async write({ report, ...subject }) {
      const key = reportKey(subject);
      const before = stored.get(key);
      stored.delete(key);
      const isSame = report === undefined ? before === undefined : before?.content === fingerprintOf(report);
      if (isSame) return;
      if (isOver()) dropped();
      else if (report !== undefined) await put(key, report, before);
      else if (before !== undefined) await remove(key, before);
    },
    async sweep() {
      await pace.settled();
      // A full etcd rejects writes but accepts deletions.
      refusals = 0;
      for (const [key, before] of stored) {
        if (isOver()) return;
        await remove(key, before);
      }
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
