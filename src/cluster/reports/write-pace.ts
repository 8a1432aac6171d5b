import { systemClock } from '../api/index.ts';

/** Runs tasks at a bounded rate and with bounded concurrency. */
export interface WritePace {
  /** Resolves when the task has been started; the task must not reject. */
  start(work: () => Promise<void>): Promise<void>;
  /** Resolves when no task is running. */
  settled(): Promise<void>;
}

export interface WritePaceOptions {
  readonly perSecond: number;
  readonly concurrency: number;
  /** Once aborted, there is no more waiting. */
  readonly signal?: AbortSignal | undefined;
}

export function paceWrites({ perSecond, concurrency, signal }: WritePaceOptions): WritePace {
  const running = new Set<Promise<void>>();
  let nextAt = 0;
  return {
    async start(work) {
      const now = performance.now();
      const at = Math.max(now, nextAt);
      nextAt = at + 1000 / perSecond;
      // Aborted: the task notices that itself.
      if (at > now) await systemClock.pause(at - now, signal);
      while (running.size >= concurrency) await Promise.race(running);
      const run = work().finally(() => running.delete(run));
      running.add(run);
    },
    async settled() {
      while (running.size > 0) await Promise.race(running);
    },
  };
}
