import type { Logger } from 'pino';
import type { ApiClient, Query } from './api-client.ts';
import { statusOf } from './api-error.ts';
import { readPages } from './list-pages.ts';
import { type Backoff, onceAMinute, openRetries, repeat } from './retry.ts';

/** Records the health of watches. */
export interface WatchMetrics {
  /** Counts restarts after a failure; the server ending a watch is normal. */
  restarted(resource: string): void;
  heard(resource: string): void;
}

export interface CollectionOptions<T> {
  readonly client: ApiClient;
  /** The resource in the plural. */
  readonly resource: string;
  readonly path: string;
  /** Selects the objects to watch. */
  readonly query?: Query | undefined;
  readonly metadataOnly?: boolean;
  /** Extracts the part of an object to keep; called as soon as the object arrives. */
  readonly read: (object: unknown) => T;
  /** Called with all objects after the initial list and after each relist. */
  readonly onReplace: (items: readonly T[], isFirst: boolean) => void;
  readonly onUpsert: (item: T) => void;
  readonly onDelete: (item: T) => void;
  /** Called when reading is forbidden; objects that were read before are kept. */
  readonly onRefused?: () => void;
  /** The consequence, for the log. */
  readonly ifRefused: string;
  /** A watch without events, bookmarks included, is restarted after this time. */
  readonly idleMs?: number | undefined;
  /** Pauses after failures, 1 s to 30 s by default. */
  readonly backoff?: Backoff | undefined;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

/** A collection that is being watched. */
export interface WatchedCollection {
  /** It was read at least once. */
  readonly isListed: boolean;
  /** Reading it is forbidden, according to the last response. */
  readonly isRefused: boolean;
  close(): void;
}

/** The API server sends a bookmark about once a minute. */
const usualIdleMs = 5 * 60_000;
/** Limits the request rate if a server ends every watch immediately. */
const againMs = 500;
const usualBackoff = { firstMs: 1_000, longestMs: 30_000 };
const pageSize = 500;

/**
 * Watches all objects of a kind: lists them, then watches from there on, reconnecting as needed. They are listed again
 * only if the API server no longer has the events since then.
 */
export function watchCollection<T>(options: CollectionOptions<T>): WatchedCollection {
  const { client, resource, path, query, metadataOnly, read, metrics, log } = options;
  const { idleMs = usualIdleMs, backoff = usualBackoff } = options;
  const retries = openRetries(backoff);
  const closing = new AbortController();
  const { signal } = closing;
  const complain = onceAMinute();
  let isListed = false;
  let isRefused = false;
  /** The resource version up to which everything is known; undefined if a new list is needed. */
  let version: string | undefined;

  async function list(): Promise<void> {
    const items: T[] = [];
    let listed: string | undefined;
    for await (const page of readPages(client, path, {
      limit: pageSize,
      query,
      metadataOnly,
      signal,
      backoff: options.backoff,
    })) {
      listed ??= page.resourceVersion;
      for (const object of page.items) items.push(read(object));
    }
    if (signal.aborted) return;
    metrics.heard(resource);
    if (isRefused) log.info({ resource }, `${resource} can be read now`);
    const isFirst = !isListed;
    isListed = true;
    isRefused = false;
    options.onReplace(items, isFirst);
    version = listed;
  }
  function take(type: string, object: unknown): void {
    metrics.heard(resource);
    retries.reset();
    if (type === 'ADDED' || type === 'MODIFIED') options.onUpsert(read(object));
    if (type === 'DELETED') options.onDelete(read(object));
    version = versionOf(object) ?? version;
  }
  /** Returns how long to wait before the next round. */
  async function follow(): Promise<number> {
    if (version === undefined) await list();
    // Ends after a random time like client-go's watches, so that connections are rebalanced across recovered API
    // servers.
    const timeoutSeconds = 300 + Math.floor(Math.random() * 300);
    const from = { ...query, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds };
    for await (const { type, object } of client.watch(path, from, { metadataOnly, signal, idleMs })) {
      if (signal.aborted) return 0;
      take(type, object);
    }
    retries.reset();
    return againMs * (0.5 + Math.random() * 0.5);
  }
  function failed(error: unknown): number {
    if (signal.aborted) return 0;
    const status = statusOf(error);
    if (!isResumable(status)) version = undefined;
    // An expired resource version is normal.
    if (status !== 410) report(error, status === 403);
    if (status === 403) {
      isRefused = true;
      options.onRefused?.();
    }
    return retries.after(error);
  }
  function report(error: unknown, isForbidden: boolean): void {
    const problem = (error as Error).message;
    const what = isForbidden ? `${resource} may not be read, so ${options.ifRefused}` : 'the watch failed';
    metrics.restarted(resource);
    complain(problem, () => log.warn({ resource, problem }, `${what}; retrying`));
  }
  void repeat(() => follow().catch(failed), signal);
  return {
    get isListed() {
      return isListed;
    },
    get isRefused() {
      return isRefused;
    },
    close: () => closing.abort(),
  };
}

/** Whether the watch can resume where it was: there was no response, or one that asks to come back later. */
function isResumable(status: number | undefined): boolean {
  return status === undefined || [429, 502, 503].includes(status);
}

function versionOf(object: unknown): string | undefined {
  return (object as { readonly metadata?: { readonly resourceVersion?: string } }).metadata?.resourceVersion;
}
