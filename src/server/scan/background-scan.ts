import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import type { Backoff, Retries } from '../../cluster/api/index.ts';
import type { ReportSink } from '../../cluster/reports/index.ts';
import type { ClusterScan } from '../../cluster/scan/index.ts';
import type { Policy } from '../../engine/policy.ts';
import type { ScanMetrics } from './scan-metrics.ts';
import { byMode, openScanTally, type ScanSummary } from './scan-summary.ts';

export interface ScanTiming {
  /** Until the first scan of a new leader: there may soon be another one, and the server has just started. */
  readonly firstMs: number;
  /** How often leadership is looked at, during a scan too, and between scans the policy. */
  readonly lookMs: number;
  /** How long after a scan a new policy waits for the next one. */
  readonly policyMs: number;
  /** Pauses after a scan that failed. */
  readonly retry: Backoff;
}

const defaultTiming: ScanTiming = {
  firstMs: 10_000,
  lookMs: 1_000,
  policyMs: 60_000,
  retry: { firstMs: 30_000, longestMs: 900_000 },
};

export interface BackgroundScanOptions {
  /** From the end of a scan to the next one. */
  readonly everyMs: number;
  readonly isLeader: () => boolean;
  readonly policy: () => Policy;
  /** Begins to read; rejections of it and of its iteration are failures, and the scan is tried again. */
  readonly scan: (policy: Policy, signal: AbortSignal) => Promise<ClusterScan>;
  readonly sink?: ReportSink | undefined;
  readonly onSubject?: (subject: ScannedSubject) => void;
  readonly metrics: ScanMetrics;
  readonly log: Logger;
  readonly timing?: Partial<ScanTiming> | undefined;
  /** That of the folder `cluster`, which is loaded only when it is needed. */
  readonly openRetries: (backoff: Backoff) => Retries;
}

export interface BackgroundScan {
  /** Abandons a scan that is under way; resolves when nothing of it is left. */
  close(): Promise<void>;
}

/** Scans the cluster as long as this replica leads: soon, then now and again, and when there is a new policy. */
export function openBackgroundScan(options: BackgroundScanOptions): BackgroundScan {
  const { everyMs, isLeader, policy, metrics, log } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const closing = new AbortController();
  const retries = options.openRetries(timing.retry);
  let isScanning = false;
  let last = { policy: '', endedAt: 0 };
  let dueAt = 0;

  function lead(): void {
    const now = performance.now();
    dueAt = now + jittered(timing.firstMs);
    last = { policy: policy().hash, endedAt: now };
    retries.reset();
    isScanning = true;
  }
  function retire(): void {
    metrics.clear();
    isScanning = false;
  }
  function isDue(): boolean {
    const isNew = policy().hash !== last.policy;
    return performance.now() >= (isNew ? Math.min(dueAt, last.endedAt + timing.policyMs) : dueAt);
  }
  async function attempt(): Promise<void> {
    const now = policy();
    try {
      const summary = await scanOnce(options, now, timing, closing.signal);
      if (summary === undefined) return;
      retries.reset();
      metrics.finished(summary);
      report(summary, now);
      dueAt = performance.now() + jittered(everyMs);
    } catch (error) {
      const pause = retries.after(error);
      const { message: problem } = error as Error;
      const retrySeconds = Math.round(pause / 1000);
      log.warn({ event: 'scan', problem, retrySeconds }, 'the cluster scan failed; keeping the previous results');
      dueAt = performance.now() + pause;
    }
    last = { policy: now.hash, endedAt: performance.now() };
  }
  function report(summary: ScanSummary, { hash }: Policy): void {
    for (const { rule, error } of summary.failures)
      log.error({ event: 'scan', err: error, rule: rule.id }, 'a rule could not be evaluated; please report this');
    const { subjects, denied, wouldStop, exempt, unused, unreadable, durationMs } = summary;
    const exempted = [...exempt.values()].reduce((sum, count) => sum + count, 0);
    const about = { event: 'scan', subjects, findings: byMode(summary), denied, wouldStop, exempt: exempted };
    log.info({ ...about, unused, unreadable, durationMs: Math.round(durationMs), policy: hash }, 'scanned the cluster');
  }
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      if (!isLeader()) {
        if (isScanning) retire();
      } else if (!isScanning) lead();
      else if (isDue()) await attempt();
      // That it was ended early is seen above.
      await sleep(timing.lookMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
    metrics.clear();
  }
  const ended = run();
  return {
    close() {
      closing.abort();
      return ended;
    },
  };
}

/** What a scan found; undefined when it was abandoned, because another replica leads now or the server stops. */
async function scanOnce(
  { isLeader, scan, sink, onSubject }: BackgroundScanOptions,
  policy: Policy,
  { lookMs }: ScanTiming,
  closing: AbortSignal,
): Promise<ScanSummary | undefined> {
  const abandoned = new AbortController();
  const signal = AbortSignal.any([closing, abandoned.signal]);
  const look = setInterval(() => isLeader() || abandoned.abort(), lookMs).unref();
  const startedAt = performance.now();
  const tally = openScanTally(policy);
  let isComplete = false;
  sink?.begin();
  try {
    const found = await scan(policy, signal);
    for await (const subject of found) {
      signal.throwIfAborted();
      tally.add(subject);
      onSubject?.(subject);
      await sink?.write(subject);
    }
    signal.throwIfAborted();
    const { unreadable } = found;
    isComplete = unreadable.length === 0;
    return tally.summary({ unreadable, durationMs: performance.now() - startedAt, now: Date.now() });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(look);
    await sink?.end(isComplete);
  }
}

/** Replicas of several clusters, and of one after an outage, are not to come all at once. */
const jittered = (ms: number): number => ms * (0.9 + Math.random() * 0.2);
