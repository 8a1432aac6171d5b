import fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** Why the server must not get requests, one clause each; empty when it is ready. */
export type Readiness = () => readonly string[];

/**
 * Probes and metrics, in plain HTTP on a port of their own: probes need no certificate, and scrapes do not wait behind
 * admission. That `/livez` answers at all is the news: the event loop turns.
 */
export function buildMonitoring(metrics: Metrics, readiness: Readiness): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: 5_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 8 * 1024 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  app.server.maxConnections = 128;
  app.setNotFoundHandler((_request, reply) => reply.code(404).send('not found\n'));
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send('internal error\n'));
  app.get('/livez', () => 'ok\n');
  app.get('/readyz', (_request, reply) => {
    const reasons = readiness();
    reply.code(reasons.length === 0 ? 200 : 503).send(reasons.length === 0 ? 'ok\n' : `${reasons.join('\n')}\n`);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  return app;
}
