import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../api/index.ts';

/** How a long work leaves room for others. */
export interface Pace {
  /** For how long it may keep the event loop busy, milliseconds. */
  readonly sliceMs: number;
  /** The part of the time that it may work, up to 1. */
  readonly share: number;
}

/** For a command, which has nothing else to do than to notice that it is to stop. */
export const fullPace: Pace = { sliceMs: 20, share: 1 };

/** For a server: to read the pages, which this does not count, takes about half as long as to judge what is in them. */
export const serverPace: Pace = { sliceMs: 4, share: 0.25 };

/** So many objects per page as a server can read at once without being late for anybody. */
export const serverPageSize = 100;

/** Does something with each item, with pauses that add up over the calls; rejects with the signal's reason. */
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
