import type { UsageLog } from '../../audit/usage/index.ts';
import { type ApiClient, ApiError, type Clock, isRejection } from '../api/index.ts';
import { podMetrics } from './pod-metrics.ts';

/** The resolution of metrics-server, which has nothing new in between. */
const intervalMs = 15_000;

export interface WatchOptions {
  readonly client: ApiClient;
  readonly namespace: string | undefined;
  readonly clock: Clock;
  /** How long to watch; one reading if it is zero. */
  readonly forSeconds: number;
  /** Called after each reading. */
  readonly onReading: (secondsLeft: number) => void;
}

/**
 * Reads the metrics API every 15 seconds into the log, the last time when the watch is over. What does
 * not arrive of a later reading is missing from the time watched.
 * @throws ApiError if the first reading fails, or the metrics may no longer be read.
 */
export async function watchPodMetrics(log: UsageLog, options: WatchOptions): Promise<void> {
  const { client, namespace, clock, forSeconds, onReading } = options;
  const end = clock.now() + forSeconds * 1000;
  for (let isFirst = true; ; isFirst = false) {
    try {
      for await (const readings of podMetrics(client, namespace)) readings.forEach(log.add);
    } catch (error) {
      if (isFirst || !(error instanceof ApiError) || isRejection(error)) throw error;
    }
    const left = end - clock.now();
    onReading(Math.max(0, left / 1000));
    if (left <= 0) return;
    await clock.pause(Math.min(left, intervalMs));
  }
}
