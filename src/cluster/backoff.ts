import { setTimeout as sleep } from 'node:timers/promises';

/** Growing pauses between tries. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before the next try after so many failures in a row, in milliseconds: never less than the API
 * server asked for, and never the same for everybody, lest all come back at once.
 */
export function pauseAfter(failures: number, retryAfterMs: number | undefined, backoff: Backoff): number {
  const grown = Math.min(backoff.firstMs * 2 ** (failures - 1), backoff.longestMs);
  const jitter = grown * 0.5 * Math.random();
  return Math.max(grown * 0.5, retryAfterMs ?? 0) + jitter;
}

/** Resolves after the time, or as soon as the signal ends it. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // That it was ended early is for the caller to see.
  await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined);
}
