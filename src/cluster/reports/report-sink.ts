import type { Logger } from 'pino';
import type { SubjectReport } from '../../audit/policy-report.ts';
import type { ReportKind } from '../../audit/report-kind.ts';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import { type ApiClient, onceAMinute, statusOf } from '../api/index.ts';
import { type ReportRound, startRound } from './report-round.ts';
import { listReports, type StoredReport } from './stored-reports.ts';
import type { ReportWrite } from './write-attempts.ts';
import { paceWrites, type WritePace } from './write-pace.ts';

/** The destination of a scan's findings. */
export interface ReportSink {
  /** Starts a scan and discards an earlier one that did not end. */
  begin(): void;
  /** Writes the subject's current findings. The scan waits for it, which limits the queue. */
  write(subject: ScannedSubject): Promise<void>;
  /** Completes the scan: subjects that were not written since `begin` no longer exist. */
  end(complete: boolean): Promise<void>;
}

export interface ReportMetrics {
  wrote(result: ReportWrite): void;
}

export interface ReportSinkOptions {
  readonly client: ApiClient;
  readonly kind: ReportKind;
  readonly reportOf: (subject: ScannedSubject) => SubjectReport;
  readonly metrics: ReportMetrics;
  readonly log: Logger;
  /** The maximum number of this program's Reports in the cluster. */
  readonly maxReports?: number;
  readonly writesPerSecond?: number;
  /** How many writes may be in flight. */
  readonly concurrency?: number;
  /** Ends all waiting and writing. */
  readonly signal?: AbortSignal | undefined;
}

interface Scan {
  /** Undefined if nothing can be written. */
  readonly round: Promise<ReportRound | undefined>;
  readonly pace: WritePace;
  readonly written: ReadonlyMap<ReportWrite, number>;
}

const defaults = { maxReports: 10_000, writesPerSecond: 10, concurrency: 4 };

/**
 * Keeps a report of the kind for every subject that has one, and only writes changes since the last scan. If that
 * kind is not installed, only checks for it again with every scan. Never rejects.
 */
export function openReportSink(options: ReportSinkOptions): ReportSink {
  const { client, kind, reportOf, metrics, log, signal } = options;
  const api = { client, kind };
  const [group] = kind.apiVersion.split('/');
  const { maxReports, writesPerSecond, concurrency } = { ...defaults, ...options };
  const complain = onceAMinute();
  let isInstalled: boolean | undefined;
  let current: Scan | undefined;

  async function listed(): Promise<Map<string, StoredReport> | undefined> {
    try {
      const stored = await listReports(api, signal);
      if (isInstalled === false) log.info(`the ${group} CRD is now installed; writing reports`);
      isInstalled = true;
      return stored;
    } catch (error) {
      if (signal?.aborted) return undefined;
      if (statusOf(error) === 404) {
        if (isInstalled !== false) log.info(`the ${group} CRD is not installed; not writing reports`);
        isInstalled = false;
        return undefined;
      }
      metrics.wrote('failed');
      const problem = (error as Error).message;
      complain(problem, () => log.warn({ problem }, 'cannot list existing reports; this scan writes none'));
      return undefined;
    }
  }

  function begin(): Scan {
    const written = new Map<ReportWrite, number>();
    const onWrite = (result: ReportWrite): void => {
      metrics.wrote(result);
      written.set(result, (written.get(result) ?? 0) + 1);
    };
    const pace = paceWrites({ perSecond: writesPerSecond, concurrency, signal });
    const round = listed().then(
      (stored) => stored && startRound({ api, stored, pace, maxReports, onWrite, complain, log, signal }),
    );
    return { round, pace, written };
  }

  return {
    begin: () => {
      current = begin();
    },
    async write(subject) {
      const round = await current?.round;
      await round?.write(reportOf(subject));
    },
    async end(isComplete) {
      const scan = current;
      current = undefined;
      const round = await scan?.round;
      if (isComplete) await round?.sweep();
      await scan?.pace.settled();
      if (scan !== undefined && scan.written.size > 0) log.info(Object.fromEntries(scan.written), 'wrote reports');
    },
  };
}
