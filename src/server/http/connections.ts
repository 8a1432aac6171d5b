import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createConnectionPool } from './connection-pool.ts';
import type { Limits } from './limits.ts';

export type ConnectionLimits = Pick<Limits, 'unprovenConnections' | 'unprovenPerAddress' | 'provenConnections'>;

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  isProven: boolean;
  /** Requests that are not answered yet. */
  pending: number;
  /** Whether one of them has arrived completely, so that the server owes an answer. */
  isWhole: boolean;
}

/**
 * Keeps the server available to legitimate callers. A connection is proven once a request on it is answered with 200;
 * until then it counts against a separate budget, from which the oldest connection of the address with the most is
 * closed for the newest. A proven connection is never closed for an unproven one. If there are too many proven ones,
 * the one that has been idle longest at the address with the most is closed, unless that is the newcomer's own address:
 * then the newcomer gets an answer and is told to close.
 */
export function guardConnections(
  server: Server,
  limits: ConnectionLimits,
  onShed: (reason: 'unproven' | 'idle') => void,
): void {
  const open = new Map<string, Connection>();
  const unproven = createConnectionPool<Connection>();
  const proven = createConnectionPool<Connection>();

  function close(connection: Connection, reason: 'unproven' | 'idle'): void {
    onShed(reason);
    poolOf(connection).delete(connection);
    connection.socket.destroy();
  }
  const poolOf = ({ isProven }: Connection) => (isProven ? proven : unproven);

  function makeRoomForUnproven(address: string): void {
    const neighbors = unproven.from(address);
    const isOver = unproven.size > limits.unprovenConnections;
    if (!isOver && neighbors.size <= limits.unprovenPerAddress) return;
    const oldest = first(isOver ? unproven.fromBusiestAddress() : neighbors, ({ isWhole }) => !isWhole);
    if (oldest !== undefined) close(oldest, 'unproven');
  }

  /** Whether the address has its maximum of proven connections. */
  const isFull = (address: string): boolean =>
    proven.size >= limits.provenConnections && proven.fromBusiestAddress() === proven.from(address);

  function makeRoomForProven(address: string): boolean {
    if (proven.size < limits.provenConnections) return true;
    if (isFull(address)) return false;
    const idle = first(proven.fromBusiestAddress(), ({ pending }) => pending === 0);
    if (idle !== undefined) close(idle, 'idle');
    return idle !== undefined;
  }

  function answered(connection: Connection, isVerdict: boolean): void {
    connection.pending--;
    connection.isWhole = false;
    if (!isVerdict || connection.socket.destroyed) return;
    if (!connection.isProven && !makeRoomForProven(connection.address)) return;
    // Moved to the end of the order, as the most recently used.
    poolOf(connection).delete(connection);
    connection.isProven = true;
    proven.add(connection);
  }

  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const key = keyOf(socket);
    const connection = { socket, address, isProven: false, pending: 0, isWhole: false };
    open.set(key, connection);
    unproven.add(connection);
    socket.once('close', () => {
      open.delete(key);
      poolOf(connection).delete(connection);
    });
    makeRoomForUnproven(address);
  });

  server.prependListener('request', (request, response) => {
    const connection = open.get(keyOf(request.socket));
    if (connection === undefined) return;
    connection.pending++;
    if (!connection.isProven) {
      request.once('end', () => (connection.isWhole = true));
      if (isFull(connection.address)) response.setHeader('connection', 'close');
    }
    response.once('close', () => answered(connection, response.writableFinished && response.statusCode === 200));
  });
}

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

function first<T>(all: ReadonlySet<T>, isIt: (one: T) => boolean): T | undefined {
  for (const one of all) if (isIt(one)) return one;
  return undefined;
}
