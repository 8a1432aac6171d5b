import { arriving, exchange, follow, openAsk, type WatchEvent } from './api-exchange.ts';
import type { Call } from './api-session.ts';
import type { ClusterAccess } from './kube-config.ts';

export { ApiError } from './api-error.ts';
export type { WatchEvent } from './api-exchange.ts';

export type Query = Call['query'];

export interface CallOptions {
  /** Request only metadata: objects come as `PartialObjectMetadata`. */
  readonly metadataOnly?: boolean | undefined;
  /** Aborts the request, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time until the response has arrived, or until a watch begins; 30 s by default. */
  readonly timeoutMs?: number | undefined;
}

/** A JSON client for the API server. Failed requests reject with ApiError. */
export interface ApiClient {
  /** The object or collection at the path. */
  get(path: string, query?: Query, options?: CallOptions): Promise<unknown>;
  /** The objects of a collection as they arrive, for an API without pages: the collection is never held as a whole. */
  items(path: string, options?: CallOptions): AsyncIterable<readonly unknown[]>;
  /** Sends the body as JSON; `contentType` defaults to `application/json`. */
  send(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    options?: CallOptions & { readonly contentType?: string | undefined; readonly query?: Query | undefined },
  ): Promise<unknown>;
  /**
   * The events of a watch, including bookmarks, until the server ends it. Rejects with ApiError on ERROR events, HTTP
   * errors, broken connections and after `idleMs` without an event.
   */
  watch(path: string, query: Query, options: CallOptions & { readonly idleMs: number }): AsyncIterable<WatchEvent>;
}

const answerMs = 30_000;

/** Opens a client. Credentials are reloaded every few minutes, and immediately after they are rejected. */
export function openApiClient(access: ClusterAccess): ApiClient {
  const ask = openAsk(access);
  return {
    get(path, query = {}, options = {}) {
      return exchange(ask, callOf('GET', path, query, options));
    },
    items(path, options = {}) {
      return arriving(ask, callOf('GET', path, {}, options));
    },
    send(method, path, body, { contentType = 'application/json', query = {}, ...options } = {}) {
      const call = callOf(method, path, query, options);
      if (body === undefined) return exchange(ask, call);
      const headers = { ...call.headers, 'content-type': contentType };
      return exchange(ask, { ...call, headers, body: JSON.stringify(body) });
    },
    watch(path, query, options) {
      const call = callOf('GET', path, { ...query, watch: true }, options, 'PartialObjectMetadata');
      return follow(ask, { ...call, bodyTimeout: options.idleMs });
    },
  };
}

function callOf(
  method: Call['method'],
  path: string,
  query: Query,
  { metadataOnly = false, signal, timeoutMs = answerMs }: CallOptions,
  kind = isCollection(path) ? 'PartialObjectMetadataList' : 'PartialObjectMetadata',
): Call {
  const accept = `${metadataOnly ? `application/json;as=${kind};g=meta.k8s.io;v=v1,` : ''}application/json`;
  return { method, path, query, headers: { accept }, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
}

/** Kinds and names alternate in paths; the path of a collection begins and ends with a kind. */
function isCollection(path: string): boolean {
  const rest = path.replace(/^\/api\/[^/]+\/|^\/apis\/[^/]+\/[^/]+\//, '');
  return rest.split('/').length % 2 === 1;
}
