import type { Backoff, Retries } from '../../cluster/api/index.ts';

/** The times of background scans, in milliseconds. */
export interface ScanTiming {
  /** Time until the first scan of a new leader, because the server has just started and leadership may change again soon. */
  readonly firstMs: number;
  /** How often leadership is checked, also during a scan, and the policy between scans. */
  readonly lookMs: number;
  /** How long after a scan a new policy waits for the next one. */
  readonly policyMs: number;
  /** Pauses after a failed scan. */
  readonly retry: Backoff;
}

export const defaultTiming: ScanTiming = {
  firstMs: 10_000,
  lookMs: 1_000,
  policyMs: 60_000,
  retry: { firstMs: 30_000, longestMs: 900_000 },
};

/** When the next scan is due. Policies are identified by their hashes. */
export interface ScanSchedule {
  /** Starts anew for a replica that has become the leader. */
  start(policy: string): void;
  /** Whether a scan under the policy in force is due. */
  isDue(policy: string): boolean;
  /** Plans the next scan after a complete one. */
  finished(policy: string): void;
  /** Plans a retry, and returns the pause until then in milliseconds. */
  failed(policy: string, error: unknown): number;
}

/** Nothing is due before the start. */
export function openScanSchedule(
  everyMs: number,
  { firstMs, policyMs }: Pick<ScanTiming, 'firstMs' | 'policyMs'>,
  retries: Retries,
): ScanSchedule {
  let last = { policy: '', endedAt: Number.POSITIVE_INFINITY };
  let dueAt = Number.POSITIVE_INFINITY;

  function plan(policy: string, pauseMs: number): void {
    const now = performance.now();
    last = { policy, endedAt: now };
    dueAt = now + pauseMs;
  }
  return {
    start(policy) {
      retries.reset();
      plan(policy, jittered(firstMs));
    },
    isDue: (policy) => performance.now() >= (policy === last.policy ? dueAt : Math.min(dueAt, last.endedAt + policyMs)),
    finished(policy) {
      retries.reset();
      plan(policy, jittered(everyMs));
    },
    failed(policy, error) {
      const pause = retries.after(error);
      plan(policy, pause);
      return pause;
    },
  };
}

/** Spreads the load of several clusters, and of replicas after an outage. */
const jittered = (ms: number): number => ms * (0.9 + Math.random() * 0.2);
