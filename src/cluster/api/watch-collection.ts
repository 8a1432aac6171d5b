import type { Logger } from 'pino';
import type { ApiClient, Query } from './api-client.ts';
import { statusOf } from './api-error.ts';
import { readPages } from './list-pages.ts';
import { type Backoff, onceAMinute, openRetries, repeat } from './retry.ts';

/** Tells of the health of watches. */
export interface WatchMetrics {
  /** After a failure; that the server ends a watch now and then is normal. */
  restarted(resource: string): void;
  heard(resource: string): void;
}

export interface CollectionOptions<T> {
  readonly client: ApiClient;
  /** The resource in the plural. */
  readonly resource: string;
  readonly path: string;
  /** Follows only what this selects. */
  readonly query?: Query | undefined;
  readonly metadataOnly?: boolean;
  /** What is kept of an object; called as soon as it arrives. */
  readonly read: (object: unknown) => T;
  /** All that there is, after the first list and after each that had to follow. */
  readonly onReplace: (items: readonly T[], isFirst: boolean) => void;
  readonly onUpsert: (item: T) => void;
  readonly onDelete: (item: T) => void;
  /** The API server does not allow to read it; what was read before stays. */
  readonly onRefused?: () => void;
  /** What follows from that, for the log. */
  readonly ifRefused: string;
  /** A watch that brings nothing for so long, bookmarks included, is restarted. */
  readonly idleMs?: number | undefined;
  /** Pauses after failures, 1 s to 30 s unless told. */
  readonly backoff?: Backoff | undefined;
  readonly metrics: WatchMetrics;
  readonly log: Logger;
}

/** A collection as it is followed. */
export interface WatchedCollection {
  /** It was read at least once. */
  readonly isListed: boolean;
  /** It is not allowed to be read, as far as is known. */
  readonly isRefused: boolean;
  close(): void;
}

/** The API server sends a bookmark about once a minute. */
const usualIdleMs = 5 * 60_000;
/** A server that ends every watch at once is not to be asked all the time. */
const againMs = 500;
const usualBackoff = { firstMs: 1_000, longestMs: 30_000 };
const pageSize = 500;

/**
 * Follows all objects of a kind: lists them, then watches from there on, over and over. They are listed again only when
 * the API server cannot tell any more what happened since.
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
  /** Up to which version all is known; undefined when it has to be listed. */
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
  /** Returns how long to wait before it goes on. */
  async function follow(): Promise<number> {
    if (version === undefined) await list();
    // Ends as client-go's watches do, so that connections spread again over API servers that came back.
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
    // That a version is too old by now is normal.
    if (status !== 410) report(error, status === 403);
    if (status === 403) {
      isRefused = true;
      options.onRefused?.();
    }
    return retries.after(error);
  }
  function report(error: unknown, isForbidden: boolean): void {
    const problem = (error as Error).message;
    const what = isForbidden ? `${resource} may not be read, so that ${options.ifRefused}` : 'the watch failed';
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

/** Whether the watch can go on from where it was: there was no answer, or one that says to come back. */
function isResumable(status: number | undefined): boolean {
  return status === undefined || [429, 502, 503].includes(status);
}

function versionOf(object: unknown): string | undefined {
  return (object as { readonly metadata?: { readonly resourceVersion?: string } }).metadata?.resourceVersion;
}
