import type { Logger } from 'pino';
import { minuteMs } from '../../time-units.ts';
import { type ApiClient, type Clock, onceAMinute, openRetries, systemClock } from '../api/index.ts';
import { type EventObject, type News, sendEvent } from './send-event.ts';

/** Events of this process about many objects, written one after the other and at a bounded rate. */
export interface EventWriter {
  /** Returns at once. The same news about an object is written once per period, and so much at most. */
  write(object: EventObject, news: Omit<News, 'occasion'>): void;
  /** Gives up the Events that wait. */
  close(): Promise<void>;
}

export type EventResult = 'sent' | 'failed' | 'over_limit';

export interface EventMetrics {
  wrote(result: EventResult): void;
}

interface EventWriterOptions {
  readonly client: ApiClient;
  readonly metrics: EventMetrics;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** Clusters keep Events for an hour by default, so news that continues is always there. */
const periodMs = 10 * minuteMs;
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
  const limits = openLimits(clock);
  let running: Promise<void> | undefined;

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
      if (signal.aborted) return;
      const admitted = limits.admit(object, news, waiting.length);
      if (admitted === 'over_limit') metrics.wrote(admitted);
      if (typeof admitted === 'string') return;
      waiting.push({ object, news: { ...news, ...admitted } });
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** Limits how many Events are written in a period. */
interface Limits {
  /** Counts the news and returns its occasion, unless the same was written in this period or too much already. */
  admit(
    object: EventObject,
    news: Omit<News, 'occasion'>,
    waiting: number,
  ): Pick<News, 'occasion'> | 'known' | 'over_limit';
}

function openLimits(clock: Pick<Clock, 'date'>): Limits {
  const written = new Map<string, Set<string>>();
  let period = 0;
  let left = maxEvents;
  function enter(now: number): void {
    if (now === period) return;
    period = now;
    left = maxEvents;
    written.clear();
  }
  return {
    admit({ kind, metadata }, { reason, message }, waiting) {
      enter(Math.floor(clock.date() / periodMs));
      const key = JSON.stringify([kind, metadata.namespace, metadata.name, metadata.uid]);
      const known = written.get(key) ?? new Set<string>();
      const text = `${reason} ${message}`;
      if (known.has(text)) return 'known';
      if (left === 0 || waiting >= maxEvents || known.size >= maxPerObject) return 'over_limit';
      left -= 1;
      written.set(key, known.add(text));
      return { occasion: String(period) };
    },
  };
}
