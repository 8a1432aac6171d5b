import { setTimeout as sleep } from 'node:timers/promises';

/** The time that a loop goes by. Tests pass in a clock that they move themselves. */
export interface Clock {
  /** Milliseconds since some moment in the past; never jumps. */
  now(): number;
  /** Milliseconds since 1970, by a clock that may be wrong and may be corrected. */
  date(): number;
  /** Resolves after the time, or as soon as the signal aborts; the caller checks which. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  async pause(ms, signal) {
    await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  },
};
