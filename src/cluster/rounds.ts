import type { Clock } from './api/index.ts';

/** Work that is repeated until it is closed. */
export interface Rounds {
  /** Starts the next round at once, unless the pause is fixed. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

/** The pause after a round. */
export interface Pause {
  readonly ms: number;
  /** Whether nothing but closing ends it early. */
  readonly isFixed?: boolean;
}

/** Repeats a round, which never throws and returns the pause before the next one. */
export function openRounds(round: () => Promise<Pause>, clock: Pick<Clock, 'pause'>): Rounds {
  const closing = new AbortController();
  let waking = new AbortController();
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      const { ms, isFixed = false } = await round();
      const ends = isFixed ? [closing.signal] : [closing.signal, waking.signal];
      await clock.pause(ms, AbortSignal.any(ends));
    }
  }
  const ended = run();
  return {
    wake: () => waking.abort(),
    close() {
      closing.abort();
      return ended;
    },
  };
}
