/** The properties by which a pool orders its members. */
export interface Pooled {
  readonly address: string;
}

/** Connections by their remote address, in the order in which they were added. */
export interface ConnectionPool<T extends Pooled> {
  readonly size: number;
  add(connection: T): void;
  delete(connection: T): void;
  from(address: string): ReadonlySet<T>;
  /** The connections of the address with the most; of equals, of the one that has had connections for the longest. */
  fromBusiestAddress(): ReadonlySet<T>;
}

/** A pool without connections. */
export function createConnectionPool<T extends Pooled>(): ConnectionPool<T> {
  const byAddress = new Map<string, Set<T>>();
  const none: ReadonlySet<T> = new Set();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(connection) {
      const { address } = connection;
      const members = byAddress.get(address) ?? new Set();
      if (members.size === 0) byAddress.set(address, members);
      members.add(connection);
      size++;
    },
    delete(connection) {
      const members = byAddress.get(connection.address);
      if (members?.delete(connection) !== true) return;
      size--;
      if (members.size === 0) byAddress.delete(connection.address);
    },
    from: (address) => byAddress.get(address) ?? none,
    fromBusiestAddress() {
      let busiest = none;
      for (const members of byAddress.values()) if (members.size > busiest.size) busiest = members;
      return busiest;
    },
  };
}
