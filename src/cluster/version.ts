import { setTimeout as sleep } from 'node:timers/promises';
import type { VersionApi } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { loadConfig } from './kube-config.ts';

/**
 * Where the credentials for the API server are: a kubeconfig, the one that kubectl would take unless it is named, in its
 * current context unless that is named; or those of the Pod that this runs in.
 */
export type ClusterAccess =
  | { readonly kubeconfig?: string | undefined; readonly context?: string | undefined }
  | 'in-cluster';

/** The cluster's Kubernetes version as it was last read. */
export interface ClusterVersion {
  /** Of Kubernetes 1; undefined until the first answer. */
  readonly minor: number | undefined;
  close(): void;
}

export interface VersionTiming {
  readonly everyMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  readonly answerMs: number;
}

const minute = 60_000;
const defaultTiming: VersionTiming = {
  everyMs: 10 * minute,
  firstRetryMs: 1_000,
  longestRetryMs: minute,
  answerMs: 10_000,
};

/**
 * Reads the server's version in the background, now and every ten minutes, for a cluster is upgraded while this runs. A
 * server that does not answer is asked again with growing pauses, and the version read before stays.
 */
export function watchClusterVersion(
  access: ClusterAccess,
  log: Logger,
  timing: Partial<VersionTiming> = {},
): ClusterVersion {
  const { everyMs, firstRetryMs, longestRetryMs, answerMs } = { ...defaultTiming, ...timing };
  const closing = new AbortController();
  let minor: number | undefined;
  let failures = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  async function read(): Promise<number> {
    try {
      const found = await minorOf(await apiOf(access), answerMs);
      if (found !== minor) log.info({ minor: found }, 'read the Kubernetes version of the cluster');
      minor = found;
      failures = 0;
      return everyMs;
    } catch (error) {
      if (performance.now() - reportedAt >= minute) {
        log.warn({ err: error }, 'the Kubernetes version of the cluster cannot be read; trying again');
        reportedAt = performance.now();
      }
      return Math.min(firstRetryMs * 2 ** failures++, longestRetryMs);
    }
  }
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const pause = await read();
      await sleep(pause, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  }
  void run();
  return {
    get minor() {
      return minor;
    },
    close: () => closing.abort(),
  };
}

/** The client is made anew for each reading, as credentials in files change. */
async function apiOf(access: ClusterAccess): Promise<VersionApi> {
  const { VersionApi } = await import('@kubernetes/client-node');
  const { config } = await loadConfig(access);
  return config.makeApiClient(VersionApi);
}

/** The minor version that `/version` tells, of Kubernetes 1; undefined where it makes no sense. */
export function minorIn(version: unknown): number | undefined {
  const { major, minor } = Object(version) as { readonly major?: unknown; readonly minor?: unknown };
  // Some distributions write `36+`.
  const digits = major === '1' && typeof minor === 'string' ? /^\d+/.exec(minor)?.[0] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

async function minorOf(api: VersionApi, answerMs: number): Promise<number> {
  const answered = new AbortController();
  const late = sleep(answerMs, undefined, { ref: false, signal: answered.signal }).then(() => {
    throw new Error(`the API server did not answer within ${answerMs / 1000} s`);
  });
  try {
    const found = await Promise.race([api.getCode(), late]);
    const minor = minorIn(found);
    if (minor === undefined) throw new Error(`the API server says it is version ${found.major}.${found.minor}`);
    return minor;
  } finally {
    late.catch(() => undefined);
    answered.abort();
  }
}
