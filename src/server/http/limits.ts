/** Limits per client; the reason is stated beside each. Times are milliseconds. */
export interface Limits {
  /** The largest storable Pod with every `<` escaped to six bytes, together with its old version, is 17 MiB. */
  readonly bodyBytes: number;
  /** A thousand containers with twenty variables each, and their old version, have 200,000. The time and memory of an evaluation grow with them. */
  readonly jsonMarks: number;
  /** The total of bodies held in memory. */
  readonly budgetBytes: number;
  /** Bodies up to this size are never shed, so that no client can disable the policy for others by filling the budget. */
  readonly smallBytes: number;
  /** Connections without an answered review: a handshake takes milliseconds, so a few are enough. */
  readonly unprovenConnections: number;
  /** The API servers may share an address with other processes on a node. */
  readonly unprovenPerAddress: number;
  readonly provenConnections: number;
  /** The API server keeps idle connections for 90 s and never retries a POST on a closed one. */
  readonly keepAliveTimeout: number;
  readonly requestTimeout: number;
  readonly headersTimeout: number;
  readonly handshakeTimeout: number;
  /** How often Node.js checks connections for the two timeouts above. */
  readonly connectionsCheckingInterval: number;
  /** After so many reviews a connection ends, so that the API server's pooled connections spread over the replicas. */
  readonly connectionReviews: number;
  /** How long a connection lives at least, under any load, because a handshake costs as much as a few reviews. */
  readonly connectionMs: number;
}

/** The limits of a server with the memory that the chart gives it. */
export const defaultLimits: Limits = {
  bodyBytes: 20 * 1024 * 1024,
  jsonMarks: 300_000,
  budgetBytes: 64 * 1024 * 1024,
  smallBytes: 32 * 1024,
  unprovenConnections: 768,
  unprovenPerAddress: 512,
  provenConnections: 512,
  keepAliveTimeout: 100_000,
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  handshakeTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  connectionReviews: 250,
  connectionMs: 2_000,
};
