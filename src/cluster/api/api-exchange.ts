import type { Dispatcher } from 'undici';
import { ApiError, rejection, watchRejection, withoutAnswer } from './api-error.ts';
import { type Call, openSessions } from './api-session.ts';
import type { ClusterAccess } from './kube-config.ts';
import { listItems } from './list-items.ts';

/** An event of a watch, as on the wire. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

type Body = Dispatcher.ResponseData['body'];

/** Sends a call and returns the body of the answer, which may still be arriving. Rejects with ApiError if the API server rejects it. */
export type Ask = (call: Call) => Promise<Body>;

/** Sends a request with the current credentials, and again with new ones if the server rejects these. */
export function openAsk(access: ClusterAccess): Ask {
  const sessions = openSessions(access);
  async function ask(call: Call, isAgain = false): Promise<Body> {
    const session = await sessions.current();
    const { statusCode, headers, body } = await session.ask(call);
    if (statusCode < 300) return body;
    const text = await body.text();
    if (statusCode === 401) {
      sessions.forget(session);
      if (!isAgain) return ask(call, true);
    }
    const retryAfter = headers['retry-after'];
    throw rejection(statusCode, typeof retryAfter === 'string' ? retryAfter : undefined, parsed(text));
  }
  return ask;
}

/** The whole answer, which has to arrive within the call's timeout. */
export async function exchange(ask: Ask, call: Call): Promise<unknown> {
  const { limited, failure } = timed(call);
  try {
    return parsed(await (await ask(limited)).text());
  } catch (error) {
    throw failure(error);
  }
}

/** The items of a collection while its answer arrives, within the call's timeout. */
export async function* arriving(ask: Ask, call: Call): AsyncGenerator<readonly unknown[]> {
  const { limited, failure } = timed(call);
  try {
    yield* listItems(await ask(limited));
  } catch (error) {
    throw failure(error);
  }
}

/** The events of a watch, until the server ends it. */
export async function* follow(ask: Ask, call: Call): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of linesOf(await ask(call))) {
      const event = JSON.parse(line) as WatchEvent;
      if (event.type === 'ERROR') throw watchRejection(event.object);
      yield event;
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    const isSilent = (error as { code?: unknown }).code === 'UND_ERR_BODY_TIMEOUT';
    if (isSilent) throw new ApiError(`the watch received nothing for ${call.bodyTimeout / 1000} s`, { cause: error });
    throw withoutAnswer(error, 'the watch was cut off');
  }
}

/** The call with its timeout as a signal, and the reason if its answer does not arrive. */
function timed(call: Call): { readonly limited: Call; failure(error: unknown): unknown } {
  const late = AbortSignal.timeout(call.headersTimeout);
  const signal = call.signal === undefined ? late : AbortSignal.any([call.signal, late]);
  return {
    limited: { ...call, signal },
    failure(error) {
      if (call.signal?.aborted) return call.signal.reason;
      return late.aborted
        ? new ApiError(`the API server did not answer within ${call.headersTimeout / 1000} s`, { cause: error })
        : withoutAnswer(error, 'the response of the API server was cut off');
    },
  };
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
