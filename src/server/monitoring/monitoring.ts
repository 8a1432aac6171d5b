import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { guardConnections } from '../http/index.ts';
import type { Metrics } from './metrics.ts';

/** Why the server must not get requests, one clause each; empty if it is ready. */
export type Readiness = () => readonly string[];

/** Probes come from the node's address, which other processes may share. Nothing needs to spread over the replicas. */
const connections = {
  unprovenConnections: 128,
  unprovenPerAddress: 96,
  provenConnections: 64,
  connectionReviews: Number.POSITIVE_INFINITY,
  connectionMs: 0,
};

/**
 * Serves probes and metrics in plain HTTP on a separate port: probes need no certificate, and scrapes do not wait
 * behind admission. `/livez` only proves that the event loop is running.
 */
export function buildMonitoring(metrics: Metrics, readiness: Readiness): FastifyInstance {
  const app = fastify({
    logger: false,
    requestTimeout: 5_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 8 * 1024 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (_error, _request, reply: FastifyReply) => void reply.code(400).send('bad request\n'),
  });
  guardConnections(app.server, connections, () => undefined);
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
