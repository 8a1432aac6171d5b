import type { Clock } from './api/index.ts';
import type { Election } from './lease.ts';

/** Work that is repeated until it is closed. */
export interface Rounds {
  /** Starts the next round at once. */
  wake(): void;
  /** Resolves when the current round has ended. */
  close(): Promise<void>;
}

/**
 * Repeats a round, which never throws and returns the milliseconds until the next one. A replica that becomes the leader
 * does not wait.
 */
export function openRounds(
  round: () => Promise<number>,
  { clock, election }: { readonly clock: Clock; readonly election: Pick<Election, 'onGain'> },
): Rounds {
  const closing = new AbortController();
  let waking = new AbortController();
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      waking = new AbortController();
      const ms = await round();
      await clock.pause(ms, AbortSignal.any([closing.signal, waking.signal]));
    }
  }
  const ended = run();
  election.onGain(() => waking.abort());
  return {
    wake: () => waking.abort(),
    close() {
      closing.abort();
      return ended;
    },
  };
}
