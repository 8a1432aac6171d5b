import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../api/index.ts';

/** Limits the share of time that long-running work takes. */
export interface Pace {
  /** The longest time in milliseconds to block the event loop. */
  readonly sliceMs: number;
  /** The share of time for the work, up to 1. */
  readonly share: number;
}

/** For a command, which only has to notice when it should stop. */
export const fullPace: Pace = { sliceMs: 20, share: 1 };

/** For a server. Reading pages, which is not counted, takes about half as long as evaluating their content. */
export const serverPace: Pace = { sliceMs: 4, share: 0.25 };

/** The most objects per page that a server can parse at once without delaying other requests. */
export const serverPageSize = 100;

/** Processes each item, with pauses that add up over the calls; rejects with the signal's reason. */
export type PacedWork = <T>(items: Iterable<T>, work: (item: T) => void) => Promise<void>;

export function pacedWork({ sliceMs, share }: Pace, signal: AbortSignal | undefined): PacedWork {
  let worked = 0;
  async function rest(): Promise<void> {
    const pause = worked * (1 / share - 1);
    worked = 0;
    if (pause < 1) await setImmediate();
    else await systemClock.pause(pause, signal);
    signal?.throwIfAborted();
  }
  return async (items, work) => {
    let since = performance.now();
    for (const item of items) {
      work(item);
      const now = performance.now();
      worked += now - since;
      since = now;
      if (worked < sliceMs) continue;
      await rest();
      since = performance.now();
    }
  };
}
