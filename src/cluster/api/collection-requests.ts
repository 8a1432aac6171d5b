import { minuteMs } from '../../time-units.ts';
import type { ApiClient, Query, WatchEvent } from './api-client.ts';
import { readPages } from './list-pages.ts';
import type { Backoff } from './retry.ts';

/** How the objects of a collection are requested. */
export interface CollectionRequests {
  readonly client: ApiClient;
  readonly path: string;
  /** Selects the objects. */
  readonly query?: Query | undefined;
  readonly metadataOnly?: boolean;
  /** A watch without events, bookmarks included, is restarted after this time. */
  readonly idleMs?: number | undefined;
  /** Pauses after failures, 1 s to 30 s by default. */
  readonly backoff?: Backoff | undefined;
}

/** The API server sends a bookmark about once a minute. */
const usualIdleMs = 5 * minuteMs;
const pageSize = 500;

/** Everything in the collection, and its resource version. */
export async function listOf<T>(
  { client, path, query, metadataOnly, backoff }: CollectionRequests,
  read: (object: unknown) => T,
  signal: AbortSignal,
): Promise<{ readonly items: readonly T[]; readonly version: string | undefined }> {
  const items: T[] = [];
  let version: string | undefined;
  for await (const page of readPages(client, path, { limit: pageSize, query, metadataOnly, signal, backoff })) {
    version ??= page.resourceVersion;
    for (const object of page.items) items.push(read(object));
  }
  return { items, version };
}

/**
 * The events since a version. They end after a random time like those of client-go, so that connections are rebalanced
 * across recovered API servers.
 */
export function eventsAfter(
  resourceVersion: string | undefined,
  { client, path, query, metadataOnly, idleMs = usualIdleMs }: CollectionRequests,
  signal: AbortSignal,
): AsyncIterable<WatchEvent> {
  const timeoutSeconds = 300 + Math.floor(Math.random() * 300);
  const from = { ...query, resourceVersion, allowWatchBookmarks: true, timeoutSeconds };
  return client.watch(path, from, { metadataOnly, signal, idleMs });
}
