import type { Logger } from 'pino';
import { minuteMs } from '../time-units.ts';
import { type ApiClient, type Backoff, onceAMinute, openRetries, repeat } from './api/index.ts';

/** The cluster's Kubernetes version at the last check. */
export interface ClusterVersion {
  /** Of Kubernetes 1; undefined until the first response. */
  readonly minor: number | undefined;
  close(): void;
}

export interface VersionTiming extends Backoff {
  readonly everyMs: number;
  readonly answerMs: number;
}

const defaultTiming: VersionTiming = {
  everyMs: 10 * minuteMs,
  firstMs: 1_000,
  longestMs: minuteMs,
  answerMs: 10_000,
};

/**
 * Reads the server's version in the background, now and every ten minutes, because clusters are upgraded while this
 * runs. Failures are retried with growing pauses, and the last known version is kept.
 */
export function watchClusterVersion(
  client: ApiClient,
  log: Logger,
  timing: Partial<VersionTiming> = {},
): ClusterVersion {
  const { everyMs, answerMs, ...backoff } = { ...defaultTiming, ...timing };
  const closing = new AbortController();
  const { signal } = closing;
  const retries = openRetries(backoff);
  const complain = onceAMinute();
  let minor: number | undefined;
  async function read(): Promise<number> {
    try {
      const found = readMinor(await client.get('/version', {}, { timeoutMs: answerMs, signal }));
      if (found !== minor) log.info({ minor: found }, 'read the Kubernetes version of the cluster');
      minor = found;
      retries.reset();
      return everyMs;
    } catch (error) {
      if (signal.aborted) return 0;
      const { message: problem } = error as Error;
      complain('', () => log.warn({ problem }, 'cannot read the Kubernetes version of the cluster; retrying'));
      return retries.after(error);
    }
  }
  void repeat(read, signal);
  return {
    get minor() {
      return minor;
    },
    close: () => closing.abort(),
  };
}

/** The minor version of Kubernetes 1 in the response of `/version`; undefined if it cannot be parsed. */
export function minorIn(version: unknown): number | undefined {
  const { major, minor } = Object(version) as { readonly major?: unknown; readonly minor?: unknown };
  // Some distributions write `36+`.
  const digits = major === '1' && typeof minor === 'string' ? /^\d+/.exec(minor)?.[0] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function readMinor(version: unknown): number {
  const minor = minorIn(version);
  if (minor !== undefined) return minor;
  const found = Object(version) as { readonly major?: unknown; readonly minor?: unknown };
  throw new Error(`the API server reports version ${String(found.major)}.${String(found.minor)}`);
}
