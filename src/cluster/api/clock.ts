import { setTimeout as sleep } from 'node:timers/promises';

/** The clock of a loop. Tests pass in one that they advance themselves. */
export interface Clock {
  /** Milliseconds since some moment in the past; monotonic. */
  now(): number;
  /** Milliseconds since 1970 according to the system clock, which may be wrong or be adjusted. */
  date(): number;
  /** Resolves after the time, or as soon as the signal aborts; the caller checks which. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  async pause(ms, signal) {
    await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  },
};
