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
  /** Whether one of them has arrived in full: the answer is up to us. */
  isWhole: boolean;
}

/**
 * Keeps the server open to callers that mean it. A connection proves itself by a request that is answered 200; until
 * then it counts against a budget of its own, from which the oldest of the address that holds the most gives way to the
 * newest. A proven connection never gives way to an unproven one. When there are too many proven ones, the one that has
 * idled longest at the address that holds the most gives way, unless that is the address of the newcomer: then the
 * newcomer is answered and told to close.
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

  /** Whether the address has as many proven connections as it may keep. */
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
    // To the end of the order, as the one that has idled for the shortest time.
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

/** Marks every answer from now on as the last of its connection, so that the API server dials anew, elsewhere. */
export function closeAfterAnswer(server: Server): void {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
}

/** The same for a TCP connection and the TLS one that is made of it. */
const keyOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;

function first<T>(all: ReadonlySet<T>, isIt: (one: T) => boolean): T | undefined {
  for (const one of all) if (isIt(one)) return one;
  return undefined;
}
