import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../http/index.ts';
import type { Metrics } from '../monitoring/index.ts';

/** Responses without internal details; those are in log and metrics. */
const bodies: Readonly<Record<number, string>> = {
  400: '{"error":"bad request"}',
  404: '{"error":"not found"}',
  408: '{"error":"request timeout"}',
  415: '{"error":"unsupported media type"}',
  431: '{"error":"request header too large"}',
  500: '{"error":"internal error"}',
  503: '{"error":"overloaded"}',
};

/** Answers 400 and counts it. */
export function badRequest(reply: FastifyReply, metrics: Metrics): void {
  sendFixed(reply, metrics, 400);
}

/**
 * The only response that the API server retries within its deadline, on a new connection and so possibly at another
 * replica: an error above 499 with `Retry-After` (client-go `rest/with_retry.go`).
 */
export function overloaded(reply: FastifyReply, metrics: Metrics): void {
  metrics.shed('bytes');
  reply.code(503).header('retry-after', '1').header('connection', 'close');
  reply.header('content-type', 'application/json').send(bodies[503]);
}

/** Replaces Fastify's error bodies, which contain internal codes. */
export function useFixedAnswers(app: FastifyInstance, metrics: Metrics, log: Logger): void {
  app.setNotFoundHandler((_request, reply) => sendFixed(reply, metrics, 404));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const code = error.statusCode ?? 500;
    const status = code in bodies ? code : 500;
    if (status === 500) log.error({ err: error }, 'a request failed; please report this');
    sendFixed(reply, metrics, status);
  });
}

/**
 * Answers requests that Node.js could not parse as HTTP, or that timed out. A connection without a request is not
 * answered but kept like an idle one: the API server opens more connections than it needs at once, and a review that
 * it sends on one of the others while a 408 is on its way would fail.
 */
export function answerClientError(metrics: Metrics, { keepAliveTimeout }: Pick<Limits, 'keepAliveTimeout'>) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) {
      socket.setTimeout(keepAliveTimeout);
      return;
    }
    const status = statuses[error.code ?? ''] ?? 400;
    const body = bodies[status] ?? '';
    if (error.code !== 'ECONNRESET' && socket.writable) {
      metrics.rejected(status);
      socket.write(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
    }
    // Does not wait for the write, because a socket whose TLS handshake failed would wait forever.
    socket.destroy();
  };
}

const statuses: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function sendFixed(reply: FastifyReply, metrics: Metrics, status: number): void {
  // No answer if the caller is gone or `answerClientError` has answered.
  if (!reply.request.socket.destroyed) metrics.rejected(status);
  reply.code(status).header('content-type', 'application/json').send(bodies[status]);
}
