import type { Logger } from 'pino';
import { type ApiClient, type Clock, onceAMinute, openRetries, systemClock } from '../api/index.ts';
import { type EventObject, type News, sendEvent } from './send-event.ts';

/** Events of this process about many objects, written one after the other and at a bounded rate. */
export interface EventWriter {
  /** Returns at once. The same news about an object is written once per period, and so much at most. */
  write(object: EventObject, news: Omit<News, 'occasion'>): void;
  /** Gives up the Events that wait. */
  close(): Promise<void>;
}

export type EventOutcome = 'sent' | 'failed' | 'over_limit';

export interface EventMetrics {
  wrote(outcome: EventOutcome): void;
}

interface EventWriterOptions {
  readonly client: ApiClient;
  readonly metrics: EventMetrics;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** Clusters keep Events for an hour by default, so news that continues is always there. */
const periodMs = 10 * 60_000;
/** Per period. */
const maxPerObject = 5;
/** Per period, and waiting, which also bounds the memory. */
const maxEvents = 300;
/** Between two Events. */
const pauseMs = 200;
/** An API server that is slower has other worries. */
const timeoutMs = 5_000;

export function openEventWriter({ client, metrics, log, clock = systemClock }: EventWriterOptions): EventWriter {
  const closing = new AbortController();
  const { signal } = closing;
  const complain = onceAMinute();
  const retries = openRetries({ firstMs: 1_000, longestMs: 30_000 });
  const waiting: { readonly object: EventObject; readonly news: News }[] = [];
  const written = new Map<string, Set<string>>();
  let period = 0;
  let left = maxEvents;
  let running: Promise<void> | undefined;

  /** Whether the news is new in this period and within its limits. */
  function isDue(object: EventObject, { reason, message }: Omit<News, 'occasion'>): boolean {
    const now = Math.floor(clock.date() / periodMs);
    if (now !== period) {
      period = now;
      left = maxEvents;
      written.clear();
    }
    const { kind, metadata } = object;
    const key = JSON.stringify([kind, metadata.namespace, metadata.name, metadata.uid]);
    const known = written.get(key);
    const text = `${reason} ${message}`;
    if (known?.has(text) === true) return false;
    if (left === 0 || waiting.length >= maxEvents || (known?.size ?? 0) >= maxPerObject) {
      metrics.wrote('over_limit');
      return false;
    }
    left -= 1;
    written.set(key, (known ?? new Set()).add(text));
    return true;
  }

  /** Events are not retried: the log has the same. */
  async function send(object: EventObject, news: News): Promise<number> {
    try {
      await sendEvent(client, object, news, clock.date(), { signal, timeoutMs });
      metrics.wrote('sent');
      retries.reset();
      return pauseMs;
    } catch (error) {
      const { message: problem } = error as Error;
      metrics.wrote('failed');
      if (!signal.aborted) complain(problem, () => log.warn({ problem }, 'cannot create Events'));
      return retries.after(error);
    }
  }

  async function run(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
      await clock.pause(await send(next.object, next.news), signal);
    running = undefined;
  }

  return {
    write(object, news) {
      if (signal.aborted || !isDue(object, news)) return;
      waiting.push({ object, news: { ...news, occasion: String(period) } });
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
