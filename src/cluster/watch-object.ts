import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject, Watch } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { type Connection, problemOf, statusOf } from './connection.ts';
import { onceAMinute } from './once-a-minute.ts';

export interface ObjectList<T> {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items: readonly T[];
}

/** Tells of the health of watches. */
export interface WatchMetrics {
  /** After a failure; that the server ends a watch now and then is normal. */
  restarted(resource: string): void;
  heard(resource: string): void;
}

export interface WatchOptions<T> {
  readonly connection: () => Promise<Connection>;
  /** The resource in the plural. */
  readonly resource: string;
  readonly name: string;
  /** Of the collection. */
  readonly path: string;
  /** Lists the one object of the field selector. */
  readonly list: (connection: Connection, fieldSelector: string) => Promise<ObjectList<T>>;
  readonly onChange: () => void;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

/** One object as it is now in the cluster, as far as is known. */
export interface WatchedObject<T> {
  /** `unread` until the first answer, and `unreadable` when that was a refusal; what was read once stays. */
  readonly state: T | 'absent' | 'unread' | 'unreadable';
  close(): void;
}

/** A server that ends every watch at once is not to be asked all the time. */
const againMs = 500;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

/**
 * Follows one object. The object is listed again before every watch, also when the last one ended well (after 30 s
 * without an event, as the client has it), so that an event that was missed is made up for.
 */
export function watchObject<T extends KubernetesObject>(options: WatchOptions<T>): WatchedObject<T> {
  const { connection, resource, path, metrics, log } = options;
  const fieldSelector = `metadata.name=${options.name}`;
  const closing = new AbortController();
  const complain = onceAMinute();
  let state: WatchedObject<T>['state'] = 'unread';
  let failures = 0;
  function become(found: WatchedObject<T>['state']): void {
    const isNews = versionOf(found) !== versionOf(state);
    if (found === 'absent' && typeof state !== 'string') log.warn({ resource, name: options.name }, 'it was deleted');
    state = found;
    if (isNews) options.onChange();
  }
  function onEvent(type: string, object: unknown): void {
    if (closing.signal.aborted) return;
    metrics.heard(resource);
    if (type === 'ADDED' || type === 'MODIFIED') become(object as T);
    if (type === 'DELETED') become('absent');
  }
  async function follow(): Promise<void> {
    const now = await connection();
    const { items, metadata } = await options.list(now, fieldSelector);
    if (closing.signal.aborted) return;
    metrics.heard(resource);
    become(items[0] ?? 'absent');
    failures = 0;
    const query = { fieldSelector, resourceVersion: metadata?.resourceVersion, allowWatchBookmarks: true };
    await watchToEnd(now.watch, path, query, onEvent, closing.signal);
  }
  function failed(error: unknown): number {
    if (closing.signal.aborted) return 0;
    if (state === 'unread') become('unreadable');
    metrics.restarted(resource);
    const problem = problemOf(error);
    complain(problem, () => log.warn({ resource, name: options.name, problem }, 'the watch failed; trying again'));
    return Math.min(firstRetryMs * 2 ** failures++, longestRetryMs);
  }
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const pause = await follow().then(() => againMs, failed);
      const jittered = pause * (0.5 + Math.random() * 0.5);
      await sleep(jittered, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  }
  void run();
  return {
    get state() {
      return state;
    },
    close: () => closing.abort(),
  };
}

/** Resolves when the server or the client's clock ends the watch. */
async function watchToEnd(
  watch: Watch,
  path: string,
  query: Readonly<Record<string, string | boolean | undefined>>,
  onEvent: (type: string, object: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  function done(error: unknown): void {
    const isOrdinary = error === null || error === undefined || (error as Error).name === 'TimeoutError';
    // 410: too old a version; the list that follows gives a new one.
    if (isOrdinary || statusOf(error) === 410) ended.resolve();
    else ended.reject(error);
  }
  const controller = await watch.watch(
    path,
    query,
    (type, object: unknown) => {
      if (type === 'ERROR') done(object);
      else onEvent(type, object);
    },
    done,
  );
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await ended.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    controller.abort();
  }
}

const versionOf = (state: KubernetesObject | string): string | undefined =>
  typeof state === 'string' ? state : state.metadata?.resourceVersion;
