import type { Dispatcher } from 'undici';
import { ApiError, refusal, watchRefusal, withoutAnswer } from './api-error.ts';
import { type Call, openSessions } from './api-session.ts';
import type { ClusterAccess } from './kube-config.ts';

export { ApiError } from './api-error.ts';

export type Query = Call['query'];

export interface CallOptions {
  /** Metadata is enough: objects come as `PartialObjectMetadata`. */
  readonly metadataOnly?: boolean | undefined;
  /** Ends the request, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Until the answer is there, 30 s unless told; of a watch, until it begins. */
  readonly timeoutMs?: number | undefined;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** The API server, asked in plain JSON. What it does not do rejects with ApiError. */
export interface ApiClient {
  /** An object or a collection, whichever the path names. */
  get(path: string, query?: Query, options?: CallOptions): Promise<unknown>;
  /** The body is sent as JSON; `contentType` is `application/json` unless told. */
  send(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    options?: CallOptions & { readonly contentType?: string | undefined },
  ): Promise<unknown>;
  /**
   * The events of a watch, bookmarks included, until the server ends it. It rejects with ApiError on ERROR events,
   * refusals, broken connections and silence of `idleMs`.
   */
  watch(path: string, query: Query, options: CallOptions & { readonly idleMs: number }): AsyncIterable<WatchEvent>;
}

const answerMs = 30_000;

/** Credentials are read again every few minutes, and at once when they are refused. */
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

  async function exchange(call: Call): Promise<unknown> {
    const late = AbortSignal.timeout(call.headersTimeout);
    const signal = call.signal === undefined ? late : AbortSignal.any([call.signal, late]);
    try {
      const body = await answer({ ...call, signal });
      return parsed(await body.text());
    } catch (error) {
      call.signal?.throwIfAborted();
      if (late.aborted)
        throw new ApiError(`the API server did not answer within ${call.headersTimeout / 1000} s`, { cause: error });
      throw withoutAnswer(error, 'the answer of the API server broke off');
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
      if (isSilent) throw new ApiError(`the watch was silent for ${call.bodyTimeout / 1000} s`, { cause: error });
      throw withoutAnswer(error, 'the watch broke off');
    }
  }

  return {
    get(path, query = {}, options = {}) {
      return exchange(callOf('GET', path, query, options));
    },
    send(method, path, body, { contentType = 'application/json', ...options } = {}) {
      const call = callOf(method, path, {}, options);
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

/** Names and kinds alternate in paths, beginning and ending with a kind where all of it is meant. */
function isCollection(path: string): boolean {
  const rest = path.replace(/^\/api\/[^/]+\/|^\/apis\/[^/]+\/[^/]+\//, '');
  return rest.split('/').length % 2 === 1;
}

/** What stands between us and the API server answers in plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON, then.
    return text;
  }
}

/** The lines of a text that arrives in pieces, without their ends; empty ones are left out, and so is a last one that is cut off. */
async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A long line comes in many pieces, which are joined once.
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
