import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { type AdmissionRequest, requestOf } from '../../admission/review.ts';
import type { Intake, Limits, Ticket } from '../http/index.ts';
import { hasMoreMarks } from './json-marks.ts';
import { parseReview } from './parse-review.ts';

/** The body of a webhook request. `ticket` must be closed after the answer is sent. */
export interface ReviewBody {
  readonly content: ReviewContent;
  readonly ticket: Ticket;
  /** When the headers arrived, on the clock of `performance.now()`. */
  readonly arrived: number;
}

export type ReviewContent =
  | { readonly kind: 'review'; readonly request: AdmissionRequest }
  | UnreadableReview
  | { readonly kind: 'shed' };

/** A body that cannot be evaluated. With a uid it still gets a verdict, so that the failure policy does not decide. */
export interface UnreadableReview {
  readonly kind: 'unreadable';
  readonly uid: string | undefined;
  readonly code: 400 | 413;
  readonly problem: string;
}

/** The length in which to search for the uid, the first member of the API server's `request`. */
const headLength = 512;

/**
 * Replaces Fastify's body parser, which answers 400 to a Pod with a key called `__proto__` and 413 above a size that a
 * valid review can have: with the failure policy `Ignore`, both would admit the Pod. A body that is too large or shed
 * is still read to its end, because a client that is writing would miss the answer.
 */
export function reviewBodyParser(intake: Intake, limits: Pick<Limits, 'bodyBytes' | 'jsonMarks'>) {
  return (
    request: FastifyRequest,
    payload: IncomingMessage,
    done: (error: Error | null, body?: ReviewBody) => void,
  ): void => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      done(Object.assign(new Error('compressed bodies are not supported'), { statusCode: 415 }));
      return;
    }
    const arrived = performance.now();
    const ticket = intake.open();
    const chunks: Buffer[] = [];
    let received = 0;
    let dropped: ReviewContent | undefined;
    payload.on('data', (chunk: Buffer) => {
      if (dropped !== undefined) return;
      received += chunk.length;
      chunks.push(chunk);
      if (received > limits.bodyBytes) dropped = tooLarge(uidIn(headOf(chunks)), limits.bodyBytes);
      else if (!ticket.take(chunk.length)) dropped = { kind: 'shed' };
      if (dropped === undefined) return;
      chunks.length = 0;
      ticket.release();
    });
    payload.on('end', () => {
      const content = dropped ?? contentOf(bytesOf(chunks, received), limits);
      chunks.length = 0;
      done(null, { content, ticket, arrived });
    });
    payload.on('error', (error) => {
      ticket.close();
      done(Object.assign(error, { statusCode: 400 }));
    });
  };
}

function contentOf(bytes: Buffer, { jsonMarks }: Pick<Limits, 'jsonMarks'>): ReviewContent {
  if (hasMoreMarks(bytes, jsonMarks))
    return {
      kind: 'unreadable',
      uid: uidIn(headOf([bytes])),
      code: 413,
      problem: 'the review contains too many values',
    };
  let body: unknown;
  try {
    body = parseReview(bytes);
  } catch {
    // The parser's own message quotes the body, which may contain secrets.
    const uid = uidIn(bytes.toString().slice(0, headLength));
    return { kind: 'unreadable', uid, code: 400, problem: 'the body is not JSON' };
  }
  const request = requestOf(body);
  if ('problem' in request) return { kind: 'unreadable', code: 400, uid: request.uid, problem: request.problem };
  return { kind: 'review', request };
}

function tooLarge(uid: string | undefined, limit: number): UnreadableReview {
  const problem = `the review is larger than ${Math.floor(limit / 1024 / 1024)} MiB`;
  return { kind: 'unreadable', uid, code: 413, problem };
}

const uidIn = (head: string): string | undefined => /"uid"\s*:\s*"([^"\\]+)"/.exec(head)?.[1];

/** Most reviews fit into it, and need no memory of their own that the garbage collector must free. */
const workspace = Buffer.allocUnsafeSlow(64 * 1024);

/** The whole body, which is only valid until the next one. */
function bytesOf(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  if (length > workspace.length) return Buffer.concat(chunks, length);
  let end = 0;
  for (const chunk of chunks) end += chunk.copy(workspace, end);
  return workspace.subarray(0, end);
}

function headOf(chunks: readonly Buffer[]): string {
  let head = '';
  for (const chunk of chunks) {
    head += chunk.toString('latin1', 0, headLength - head.length);
    if (head.length === headLength) break;
  }
  return head;
}
