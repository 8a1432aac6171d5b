import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../src/cluster/api/clock.ts';

/** Time that passes only when a test says so, the same for all machines. */
export interface FakeTime {
  /** Milliseconds since the beginning. */
  readonly elapsed: number;
  /** Lets everything happen that is due in so many milliseconds, in order; `onStep` runs after each thing that did. */
  advance(ms: number, onStep?: () => void): Promise<void>;
  /** The clock of one machine. */
  machine(options?: MachineOptions): MachineClock;
}

export interface MachineOptions {
  /** By how much its date is wrong. */
  readonly skewMs?: number;
  /** How fast its clock goes; 1 is right. */
  readonly rate?: number;
}

export interface MachineClock extends Clock {
  /** From now on the process on this machine does nothing, while time goes on. */
  stall(): void;
  resume(): void;
  /** Resolves once the process runs. */
  running(): Promise<void>;
}

interface Waiter {
  readonly at: number;
  readonly wake: () => void;
}

export function startTime(startedAt = Date.now()): FakeTime {
  const waiting = new Set<Waiter>();
  let elapsed = 0;

  function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { at: elapsed + ms, wake };
    function wake(): void {
      waiting.delete(waiter);
      signal?.removeEventListener('abort', wake);
      resolve();
    }
    waiting.add(waiter);
    signal?.addEventListener('abort', wake);
    if (signal?.aborted) wake();
    return promise;
  }
  function nextBefore(end: number): Waiter | undefined {
    const [first] = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
    return first;
  }
  return {
    get elapsed() {
      return elapsed;
    },
    async advance(ms, onStep) {
      const end = elapsed + ms;
      await settled();
      for (let next = nextBefore(end); next !== undefined; next = nextBefore(end)) {
        elapsed = Math.max(elapsed, next.at);
        onStep?.();
        next.wake();
        await settled();
        onStep?.();
      }
      elapsed = end;
      onStep?.();
    },
    machine({ skewMs = 0, rate = 1 } = {}) {
      let stalled: PromiseWithResolvers<void> | undefined;
      const running = async (): Promise<void> => stalled?.promise;
      return {
        now: () => elapsed * rate,
        date: () => startedAt + skewMs + elapsed * rate,
        async pause(ms, signal) {
          await wait(ms / rate, signal);
          await running();
        },
        stall() {
          stalled = Promise.withResolvers();
        },
        resume() {
          stalled?.resolve();
          stalled = undefined;
        },
        running,
      };
    },
  };
}

/** What does not wait for time has happened after a few turns of the event loop. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 3; turns += 1) await setImmediate();
}
