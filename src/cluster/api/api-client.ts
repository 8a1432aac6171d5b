import type { Dispatcher } from 'undici';
import { ApiError, refusal, watchRefusal, withoutAnswer } from './api-error.ts';
import { type Call, openSessions } from './api-session.ts';
import type { ClusterAccess } from './kube-config.ts';
import { listItems } from './list-items.ts';

export { ApiError } from './api-error.ts';

export type Query = Call['query'];

export interface CallOptions {
  /** Request only metadata: objects come as `PartialObjectMetadata`. */
  readonly metadataOnly?: boolean | undefined;
  /** Aborts the request, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time until the response has arrived, or until a watch begins; 30 s by default. */
  readonly timeoutMs?: number | undefined;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
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
  const sessions = openSessions(access);

  async function answer(call: Call, isAgain = false): Promise<Dispatcher.ResponseData['body']> {
    const session = await sessions.current();
    const { statusCode, headers, body } = await session.ask(call);
    if (statusCode < 300) return body;
    const text = await body.text();
    if (statusCode === 401) {
      sessions.forget(session);
      if (!isAgain) return answer(call, true);
    }
    const retryAfter = headers['retry-after'];
    throw refusal(statusCode, typeof retryAfter === 'string' ? retryAfter : undefined, parsed(text));
  }

  /** The body of an answer, which has to arrive within the call's timeout, and the reason if it does not. */
  function timed(call: Call) {
    const late = AbortSignal.timeout(call.headersTimeout);
    const signal = call.signal === undefined ? late : AbortSignal.any([call.signal, late]);
    return {
      body: () => answer({ ...call, signal }),
      failure(error: unknown): unknown {
        if (call.signal?.aborted) return call.signal.reason;
        return late.aborted
          ? new ApiError(`the API server did not answer within ${call.headersTimeout / 1000} s`, { cause: error })
          : withoutAnswer(error, 'the response of the API server was cut off');
      },
    };
  }

  async function exchange(call: Call): Promise<unknown> {
    const { body, failure } = timed(call);
    try {
      return parsed(await (await body()).text());
    } catch (error) {
      throw failure(error);
    }
  }

  async function* arriving(call: Call): AsyncGenerator<readonly unknown[]> {
    const { body, failure } = timed(call);
    try {
      yield* listItems(await body());
    } catch (error) {
      throw failure(error);
    }
  }

  async function* follow(call: Call): AsyncGenerator<WatchEvent> {
    try {
      for await (const line of linesOf(await answer(call))) {
        const event = JSON.parse(line) as WatchEvent;
        if (event.type === 'ERROR') throw watchRefusal(event.object);
        yield event;
      }
    } catch (error) {
      call.signal?.throwIfAborted();
      const isSilent = (error as { code?: unknown }).code === 'UND_ERR_BODY_TIMEOUT';
      if (isSilent) throw new ApiError(`the watch received nothing for ${call.bodyTimeout / 1000} s`, { cause: error });
      throw withoutAnswer(error, 'the watch was cut off');
    }
  }

  return {
    get(path, query = {}, options = {}) {
      return exchange(callOf('GET', path, query, options));
    },
    items(path, options = {}) {
      return arriving(callOf('GET', path, {}, options));
    },
    send(method, path, body, { contentType = 'application/json', query = {}, ...options } = {}) {
      const call = callOf(method, path, query, options);
      if (body === undefined) return exchange(call);
      const headers = { ...call.headers, 'content-type': contentType };
      return exchange({ ...call, headers, body: JSON.stringify(body) });
    },
    watch(path, query, options) {
      const call = callOf('GET', path, { ...query, watch: true }, options, 'PartialObjectMetadata');
      return follow({ ...call, bodyTimeout: options.idleMs });
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

/** Proxies in front of the API server answer in plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON.
    return text;
  }
}

/** The lines of a text that arrives in chunks, without terminators; empty lines and an incomplete last line are skipped. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A long line arrives in many chunks, which are joined once.
  let begun: string[] = [];
  for await (const piece of pieces) {
    const [first = '', ...others] = decoder.decode(piece, { stream: true }).split('\n');
    begun.push(first);
    for (const next of others) {
      const line = begun.join('');
      begun = [next];
      if (line.trim() !== '') yield line;
    }
  }
}
