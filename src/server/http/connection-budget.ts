import type { Socket } from 'node:net';
import { createConnectionPool } from './connection-pool.ts';
import type { Limits } from './limits.ts';

export type ConnectionLimits = Pick<Limits, 'unprovenConnections' | 'unprovenPerAddress' | 'provenConnections'>;

export interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** When it was opened, on the clock of `performance.now()`. */
  readonly opened: number;
  /** Requests that it has carried. */
  requests: number;
  isProven: boolean;
  /** Requests that are not answered yet. */
  pending: number;
  /** Whether one of them has arrived completely, so that the server owes an answer. */
  isWhole: boolean;
}

/** The open connections within their limits: beyond these, one is closed for another. */
export interface ConnectionBudget {
  /** Counts a new connection as unproven. */
  add(connection: Connection): void;
  delete(connection: Connection): void;
  /** Whether the address has its maximum of proven connections. */
  isFull(address: string): boolean;
  /** Counts the connection as proven and the most recently used, if there is room. */
  prove(connection: Connection): void;
}

export type OnShed = (reason: 'unproven' | 'idle') => void;

/** A budget for no connections yet. */
export function createConnectionBudget(limits: ConnectionLimits, onShed: OnShed): ConnectionBudget {
  const unproven = createConnectionPool<Connection>();
  const proven = createConnectionPool<Connection>();
  const poolOf = ({ isProven }: Connection) => (isProven ? proven : unproven);

  function close(connection: Connection, reason: 'unproven' | 'idle'): void {
    onShed(reason);
    poolOf(connection).delete(connection);
    connection.socket.destroy();
  }

  function makeRoomForUnproven(address: string): void {
    const neighbors = unproven.from(address);
    const isOver = unproven.size > limits.unprovenConnections;
    if (!isOver && neighbors.size <= limits.unprovenPerAddress) return;
    const oldest = first(isOver ? unproven.fromBusiestAddress() : neighbors, ({ isWhole }) => !isWhole);
    if (oldest !== undefined) close(oldest, 'unproven');
  }

  const isFull = (address: string): boolean =>
    proven.size >= limits.provenConnections && proven.fromBusiestAddress() === proven.from(address);

  function makeRoomForProven(address: string): boolean {
    if (proven.size < limits.provenConnections) return true;
    if (isFull(address)) return false;
    const idle = first(proven.fromBusiestAddress(), ({ pending }) => pending === 0);
    if (idle !== undefined) close(idle, 'idle');
    return idle !== undefined;
  }

  return {
    add(connection) {
      unproven.add(connection);
      makeRoomForUnproven(connection.address);
    },
    delete: (connection) => poolOf(connection).delete(connection),
    isFull,
    prove(connection) {
      if (!connection.isProven && !makeRoomForProven(connection.address)) return;
      // Moved to the end of the order, as the most recently used.
      poolOf(connection).delete(connection);
      connection.isProven = true;
      proven.add(connection);
    },
  };
}

function first<T>(all: ReadonlySet<T>, isIt: (one: T) => boolean): T | undefined {
  for (const one of all) if (isIt(one)) return one;
  return undefined;
}
