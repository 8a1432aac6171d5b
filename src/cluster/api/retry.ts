import { minuteMs } from '../../time-units.ts';
import { ApiError } from './api-error.ts';
import { type Clock, systemClock } from './clock.ts';

/** Growing pauses between attempts. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * Milliseconds to wait before the next attempt after this many consecutive failures: at least as long as the API server
 * asked for, and with jitter, so that replicas do not all return at once.
 */
export function pauseAfter(failures: number, error: unknown, { firstMs, longestMs }: Backoff): number {
  const grown = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  const askedFor = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(grown * 0.5, askedFor) + grown * 0.5 * Math.random();
}

/** Counts consecutive failures. */
export interface Retries {
  /** Milliseconds to wait after this failure. */
  after(error: unknown): number;
  reset(): void;
}

/** Retries that start with the shortest pause. */
export function openRetries(backoff: Backoff): Retries {
  let failures = 0;
  return {
    after(error) {
      failures += 1;
      return pauseAfter(failures, error, backoff);
    },
    reset() {
      failures = 0;
    },
  };
}

/** Runs rounds one after another until the signal aborts. A round never rejects, and returns the pause after it. */
export async function repeat(
  round: () => Promise<number>,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<void> {
  while (!signal.aborted) await clock.pause(await round(), signal);
}

/** Rate-limits log lines about retries: `report` runs at most once a minute per reason. */
export function onceAMinute(): (reason: string, report: () => void) => void {
  const reported = new Map<string, number>();
  return (reason, report) => {
    const now = performance.now();
    if (now - (reported.get(reason) ?? Number.NEGATIVE_INFINITY) < minuteMs) return;
    for (const [old, at] of reported) if (now - at >= minuteMs) reported.delete(old);
    reported.set(reason, now);
    report();
  };
}
