import { type ApiClient, ApiError, type Query } from './api-client.ts';
import { systemClock } from './clock.ts';
import { type Backoff, pauseAfter } from './retry.ts';

export interface ListOptions {
  /** The maximum number of items per page. */
  readonly limit: number;
  readonly metadataOnly?: boolean | undefined;
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Pauses before a page is requested again, 1 s to 15 s by default. */
  readonly backoff?: Backoff | undefined;
}

/** A page of a collection, with the resource version of the list. */
export interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string | undefined;
}

interface List {
  /** The API server writes null for an empty list if only metadata is requested. */
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

const mostTries = 6;
const usualBackoff = { firstMs: 1_000, longestMs: 15_000 };

/**
 * The items of a collection page by page, in the order of the API server's keys (namespace, name). If the list expires
 * midway, it continues with the current objects. Temporary errors (429, 5xx and, after the first page, a lost
 * connection) are retried a few times; otherwise it rejects with ApiError, or with the signal's reason.
 */
export async function* listPages(
  client: ApiClient,
  path: string,
  options: ListOptions,
): AsyncGenerator<readonly unknown[]> {
  for await (const { items } of readPages(client, path, options)) yield items;
}

/** Like `listPages`, with resource versions: a watch from that of the first page misses nothing. */
export async function* readPages(client: ApiClient, path: string, options: ListOptions): AsyncGenerator<Page> {
  const { limit, query } = options;
  let token: string | undefined;
  do {
    const { items, metadata } = await readPage(client, path, { ...query, limit, continue: token }, options);
    yield { items: items ?? [], resourceVersion: metadata?.resourceVersion };
    token = metadata?.continue || undefined;
  } while (token !== undefined);
}

async function readPage(client: ApiClient, path: string, query: Query, options: ListOptions): Promise<List> {
  const { metadataOnly, signal, backoff = usualBackoff } = options;
  let asked = query;
  for (let tries = 1; ; tries += 1) {
    try {
      return (await client.get(path, asked, { metadataOnly, signal })) as List;
    } catch (error) {
      if (!(error instanceof ApiError) || tries === mostTries) throw error;
      const token = continuationAfter(error);
      if (token !== undefined) asked = { ...query, continue: token };
      else if (!mayPass(error, query['continue'] !== undefined)) throw error;
      else await systemClock.pause(pauseAfter(tries, error, backoff), signal);
      signal?.throwIfAborted();
    }
  }
}

/** The response to an expired token contains a new one for the current rest of the list (`continue` in `metav1.ListMeta`). */
function continuationAfter({ status, body }: ApiError): string | undefined {
  return status === 410 ? (body as List | undefined)?.metadata?.continue || undefined : undefined;
}

function mayPass({ status }: ApiError, hasBegun: boolean): boolean {
  return status === undefined ? hasBegun : status === 429 || status >= 500;
}
