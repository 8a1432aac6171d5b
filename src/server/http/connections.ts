import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type Connection, type ConnectionLimits, createConnectionBudget, type OnShed } from './connection-budget.ts';
import type { Limits } from './limits.ts';

type LifeLimits = Pick<Limits, 'connectionReviews' | 'connectionMs'>;

/**
 * Keeps the server available to legitimate callers. A connection is proven once a request on it is answered with 200;
 * until then it counts against a separate budget, from which the oldest connection of the address with the most is
 * closed for the newest. A proven connection is never closed for an unproven one. If there are too many proven ones,
 * the one that has been idle longest at the address with the most is closed, unless that is the newcomer's own address:
 * then the newcomer gets an answer and is told to close, as is a connection that has carried its share of reviews.
 */
export function guardConnections(server: Server, limits: ConnectionLimits & LifeLimits, onShed: OnShed): void {
  const open = new Map<string, Connection>();
  /** By the socket of their requests, which for TLS is not the one that was opened. */
  const known = new WeakMap<Socket, Connection>();
  const budget = createConnectionBudget(limits, onShed);

  function connectionOf(socket: Socket): Connection | undefined {
    const found = known.get(socket);
    if (found !== undefined) return found;
    const connection = open.get(keyOf(socket));
    if (connection !== undefined) known.set(socket, connection);
    return connection;
  }

  function answered(connection: Connection, isVerdict: boolean): void {
    connection.pending--;
    connection.isWhole = false;
    if (isVerdict && !connection.socket.destroyed) budget.prove(connection);
  }

  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const key = keyOf(socket);
    const opened = performance.now();
    const connection = { socket, address, opened, requests: 0, isProven: false, pending: 0, isWhole: false };
    open.set(key, connection);
    socket.once('close', () => {
      open.delete(key);
      budget.delete(connection);
    });
    budget.add(connection);
  });

  server.prependListener('request', (request, response) => {
    const connection = connectionOf(request.socket);
    if (connection === undefined) return;
    connection.pending++;
    connection.requests++;
    if (!connection.isProven) request.once('end', () => (connection.isWhole = true));
    if (isSpent(connection, limits) || (!connection.isProven && budget.isFull(connection.address)))
      response.setHeader('connection', 'close');
    response.on('close', () => answered(connection, response.writableFinished && response.statusCode === 200));
  });
}

/** Whether the next answer is to be the last of the connection. */
const isSpent = ({ requests, opened }: Connection, { connectionReviews, connectionMs }: LifeLimits): boolean =>
  requests >= connectionReviews && performance.now() - opened >= connectionMs;

/**
 * Marks every following answer as the last of its connection, so that the API server reconnects, possibly to another
 * replica.
 */
export function closeAfterAnswer(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
}

/** The same for a TCP connection and its TLS connection. */
const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
