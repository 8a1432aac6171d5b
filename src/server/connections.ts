import type { Server } from 'node:http';
import type { Metrics } from './metrics.ts';

/**
 * Bounds the open connections. Shortly before the limit is reached those that idle are closed, for a connection turned
 * away is a failed call of the API server, and a closed idle one only a new handshake.
 */
export function guardConnections(server: Server, limit: number, metrics: Metrics): void {
  let open = 0;
  server.maxConnections = limit;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
    if (open > limit * 0.9) server.closeIdleConnections();
  });
  server.on('drop', () => metrics.shed('connections'));
}

/** Marks every answer from now on as the last of its connection, so that the API server dials anew, elsewhere. */
export function closeAfterAnswer(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
}
