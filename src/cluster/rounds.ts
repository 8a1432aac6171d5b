import type { Clock } from './api/index.ts';

/** Work that is repeated until it is closed. */
export interface Rounds {
  /** Starts the next round at once, unless the rest is firm. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

/** The pause after a round. */
export interface Rest {
  readonly ms: number;
  /** Whether nothing but closing ends it early. */
  readonly isFirm?: boolean;
}

/** Repeats a round, which never throws and returns the rest until the next one. */
export function openRounds(round: () => Promise<Rest>, clock: Pick<Clock, 'pause'>): Rounds {
  const closing = new AbortController();
  let waking = new AbortController();
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      const { ms, isFirm = false } = await round();
      const ends = isFirm ? [closing.signal] : [closing.signal, waking.signal];
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
