import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import type { Backoff, Retries } from '../../cluster/api/index.ts';
import type { ReportSink } from '../../cluster/reports/index.ts';
import type { ClusterScan } from '../../cluster/scan/index.ts';
import type { Policy } from '../../engine/policy.ts';
import type { ScanMetrics } from './scan-metrics.ts';
import type { ScanPage } from './scan-page.ts';
import { defaultTiming, openScanSchedule, type ScanTiming } from './scan-schedule.ts';
import { byMode, openScanTally, type ScanSummary } from './scan-summary.ts';

export interface BackgroundScanOptions {
  /** From the end of a scan to the start of the next. */
  readonly everyMs: number;
  readonly isLeader: () => boolean;
  readonly policy: () => Policy;
  /** Starts a scan; if it or its iteration rejects, the scan has failed and is retried. */
  readonly scan: (policy: Policy, signal: AbortSignal) => Promise<ClusterScan>;
  readonly sink?: ReportSink | undefined;
  readonly onSubject?: (subject: ScannedSubject) => void;
  readonly metrics: ScanMetrics;
  /** Gets every subject and the result of each scan. */
  readonly page?: ScanPage | undefined;
  readonly log: Logger;
  readonly timing?: Partial<ScanTiming> | undefined;
  /** From the layer `cluster`, which is loaded on demand. */
  readonly openRetries: (backoff: Backoff) => Retries;
}

/** A scan that was completed. */
export interface FinishedScan extends Pick<ScanSummary, 'subjects' | 'findings'> {
  /** In milliseconds since 1970. */
  readonly endedAt: number;
}

/** Scans in the background until they are closed. */
export interface BackgroundScan {
  /** The last scan of this replica since it became the leader. */
  readonly last: FinishedScan | undefined;
  /** Aborts a running scan; resolves when it has ended. */
  close(): Promise<void>;
}

/** Scans the cluster while this replica is the leader: soon after the start, then periodically, and after a policy change. */
export function openBackgroundScan(options: BackgroundScanOptions): BackgroundScan {
  const { everyMs, isLeader, policy, metrics, page, log } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const closing = new AbortController();
  const schedule = openScanSchedule(everyMs, timing, options.openRetries(timing.retry));
  let isScanning = false;
  let last: FinishedScan | undefined;

  function lead(): void {
    schedule.start(policy().hash);
    isScanning = true;
  }
  function retire(): void {
    metrics.clear();
    page?.clear();
    last = undefined;
    isScanning = false;
  }
  async function attempt(): Promise<void> {
    const now = policy();
    try {
      const summary = await scanOnce(options, now, timing, closing.signal);
      if (summary === undefined) return;
      schedule.finished(now.hash);
      metrics.finished(summary);
      last = { ...summary, endedAt: Date.now() };
      report(summary, now, log);
    } catch (error) {
      const retrySeconds = Math.round(schedule.failed(now.hash, error) / 1000);
      const { message: problem } = error as Error;
      log.warn({ event: 'scan', problem, retrySeconds }, 'the cluster scan failed; keeping the previous results');
    }
  }
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      if (!isLeader()) {
        if (isScanning) retire();
      } else if (!isScanning) lead();
      else if (schedule.isDue(policy().hash)) await attempt();
      // An abort was detected above.
      await sleep(timing.lookMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
    metrics.clear();
  }
  const ended = run();
  return {
    get last() {
      return last;
    },
    close() {
      closing.abort();
      return ended;
    },
  };
}

/** The result of a scan; undefined if it was aborted, because another replica is now the leader or the server stops. */
async function scanOnce(
  { isLeader, scan, sink, onSubject, page }: BackgroundScanOptions,
  policy: Policy,
  { lookMs }: ScanTiming,
  closing: AbortSignal,
): Promise<ScanSummary | undefined> {
  const abandoned = new AbortController();
  const signal = AbortSignal.any([closing, abandoned.signal]);
  const look = setInterval(() => isLeader() || abandoned.abort(), lookMs).unref();
  const startedAt = performance.now();
  const tally = openScanTally(policy);
  const started = page?.begin(policy);
  let isComplete = false;
  sink?.begin();
  try {
    const found = await scan(policy, signal);
    for await (const subject of found) {
      signal.throwIfAborted();
      tally.add(subject);
      onSubject?.(subject);
      started?.add(subject);
      await sink?.write(subject);
    }
    signal.throwIfAborted();
    isComplete = found.unreadable.length === 0;
    const unreadable = [...found.unreadable, ...found.unknown];
    const summary = tally.summary({ unreadable, durationMs: performance.now() - startedAt, now: Date.now() });
    await started?.complete(summary);
    return summary;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(look);
    await sink?.end(isComplete);
  }
}

function report(summary: ScanSummary, { hash }: Policy, log: Logger): void {
  for (const { rule, error } of summary.failures)
    log.error({ event: 'scan', err: error, rule: rule.id }, 'a rule could not be evaluated; please report this');
  const { subjects, denied, wouldStop, exempt, unused, unreadable, durationMs } = summary;
  const exempted = [...exempt.values()].reduce((sum, count) => sum + count, 0);
  const about = { event: 'scan', subjects, findings: byMode(summary), denied, wouldStop, exempt: exempted };
  log.info({ ...about, unused, unreadable, durationMs: Math.round(durationMs), policy: hash }, 'scanned the cluster');
}
