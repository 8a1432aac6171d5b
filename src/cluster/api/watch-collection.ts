import type { Logger } from 'pino';
import type { WatchEvent } from './api-client.ts';
import { statusOf } from './api-error.ts';
import { type CollectionRequests, eventsAfter, listOf } from './collection-requests.ts';
import { onceAMinute, openRetries, repeat } from './retry.ts';

/** Records the health of watches. */
export interface WatchMetrics {
  /** Counts restarts after a failure; the server ending a watch is normal. */
  restarted(resource: string): void;
  heard(resource: string): void;
}

export interface CollectionOptions<T> extends CollectionRequests {
  /** The resource in the plural. */
  readonly resource: string;
  /** Extracts the part of an object to keep; called as soon as the object arrives. */
  readonly read: (object: unknown) => T;
  /** Called with all objects after the initial list and after each relist. */
  readonly onReplace: (items: readonly T[], isFirst: boolean) => void;
  readonly onUpsert: (item: T) => void;
  readonly onDelete: (item: T) => void;
  /** Called when reading is forbidden; objects that were read before are kept. */
  readonly onRejected?: () => void;
  /** The consequence, for the log. */
  readonly ifRejected: string;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

/** A collection that is being watched. */
export interface WatchedCollection {
  /** It was read at least once. */
  readonly isListed: boolean;
  /** Reading it is forbidden, according to the last response. */
  readonly isRejected: boolean;
  close(): void;
}

/** Limits the request rate if a server ends every watch immediately. */
const againMs = 500;
const usualBackoff = { firstMs: 1_000, longestMs: 30_000 };

/**
 * Watches all objects of a kind: lists them, then watches from there on, reconnecting as needed. They are listed again
 * only if the API server no longer has the events since then.
 */
export function watchCollection<T>(options: CollectionOptions<T>): WatchedCollection {
  const { resource, metrics, log } = options;
  const retries = openRetries(options.backoff ?? usualBackoff);
  const closing = new AbortController();
  const { signal } = closing;
  const report = openReport(options);
  let isListed = false;
  let isRejected = false;
  /** The resource version up to which everything is known; undefined if a new list is needed. */
  let version: string | undefined;

  async function list(): Promise<void> {
    const listed = await listOf(options, options.read, signal);
    if (signal.aborted) return;
    metrics.heard(resource);
    if (isRejected) log.info({ resource }, `${resource} can be read now`);
    const isFirst = !isListed;
    [isListed, isRejected] = [true, false];
    options.onReplace(listed.items, isFirst);
    ({ version } = listed);
  }
  function take(event: WatchEvent): void {
    metrics.heard(resource);
    retries.reset();
    passOn(event, options);
    version = versionOf(event.object) ?? version;
  }
  /** Returns how long to wait before the next round. */
  async function follow(): Promise<number> {
    if (version === undefined) await list();
    for await (const event of eventsAfter(version, options, signal)) {
      if (signal.aborted) return 0;
      take(event);
    }
    retries.reset();
    return againMs * (0.5 + Math.random() * 0.5);
  }
  function failed(error: unknown): number {
    if (signal.aborted) return 0;
    const status = statusOf(error);
    if (!isResumable(status)) version = undefined;
    // An expired resource version is normal.
    if (status !== 410) report(error);
    if (status === 403) {
      isRejected = true;
      options.onRejected?.();
    }
    return retries.after(error);
  }
  void repeat(() => follow().catch(failed), signal);
  return {
    get isListed() {
      return isListed;
    },
    get isRejected() {
      return isRejected;
    },
    close: () => closing.abort(),
  };
}

/** Bookmarks only have a version. */
function passOn<T>({ type, object }: WatchEvent, { read, onUpsert, onDelete }: CollectionOptions<T>): void {
  if (type === 'ADDED' || type === 'MODIFIED') onUpsert(read(object));
  if (type === 'DELETED') onDelete(read(object));
}

/** Counts failures, and logs them once a minute. */
function openReport({
  resource,
  ifRejected,
  metrics,
  log,
}: Pick<CollectionOptions<unknown>, 'resource' | 'ifRejected' | 'metrics' | 'log'>): (error: unknown) => void {
  const complain = onceAMinute();
  return (error) => {
    const problem = (error as Error).message;
    const what = statusOf(error) === 403 ? `${resource} may not be read, so ${ifRejected}` : 'the watch failed';
    metrics.restarted(resource);
    complain(problem, () => log.warn({ resource, problem }, `${what}; retrying`));
  };
}

/** Whether the watch can resume where it was: there was no response, or one that asks to come back later. */
function isResumable(status: number | undefined): boolean {
  return status === undefined || [429, 502, 503].includes(status);
}

function versionOf(object: unknown): string | undefined {
  return (object as { readonly metadata?: { readonly resourceVersion?: string } }).metadata?.resourceVersion;
}
