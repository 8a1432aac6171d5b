import type { Report, SubjectReport } from '../../audit/policy-report.ts';
import {
  deleteReport,
  fingerprintOf,
  putReport,
  type ReportApi,
  reportKey,
  type StoredReport,
} from './stored-reports.ts';
import { type AttemptOptions, openAttempts } from './write-attempts.ts';
import type { WritePace } from './write-pace.ts';

export interface ReportRoundOptions extends AttemptOptions {
  readonly api: ReportApi;
  /** Reports of earlier scans by `reportKey`; written ones are removed from the map. */
  readonly stored: Map<string, StoredReport>;
  readonly pace: WritePace;
  readonly maxReports: number;
}

/** The Reports of one scan. Never rejects: failed writes are counted and left to the next scan. */
export interface ReportRound {
  write(subject: SubjectReport): Promise<void>;
  /** Deletes earlier Reports that were not written in this scan. */
  sweep(): Promise<void>;
}

/** Starts a round; `options.stored` has the Reports of earlier ones. */
export function startRound(options: ReportRoundOptions): ReportRound {
  const { api, stored, pace, maxReports, onWrite, complain, log, signal } = options;
  const attempts = openAttempts(options);
  let total = stored.size;

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
      const result = await attempts.attempt(key, () => putReport(api, report, before, signal));
      if (before === undefined && (result === 'failed' || result === 'gone')) total--;
    });
  }

  async function remove(key: string, before: StoredReport): Promise<void> {
    await pace.start(async () => {
      const result = await attempts.attempt(key, () => deleteReport(api, before, signal));
      if (result !== 'failed') total--;
    });
  }

  return {
    async write({ report, ...subject }) {
      const key = reportKey(subject);
      const before = stored.get(key);
      stored.delete(key);
      const isSame = report === undefined ? before === undefined : before?.content === fingerprintOf(report);
      if (isSame) return;
      if (attempts.isOver) attempts.drop();
      else if (report !== undefined) await put(key, report, before);
      else if (before !== undefined) await remove(key, before);
    },
    async sweep() {
      await pace.settled();
      // A full etcd rejects writes but accepts deletions.
      attempts.resume();
      for (const [key, before] of stored) {
        if (attempts.isOver) return;
        await remove(key, before);
      }
    },
  };
}
