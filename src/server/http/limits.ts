/** What one client may take; every number has its reason beside it. Times are milliseconds. */
export interface Limits {
  /** The largest storable Pod, every `<` of it escaped to six bytes, together with its old version, is 17 MiB. */
  readonly bodyBytes: number;
  /** More than a Pod of the 3 MiB that the API server takes can have; a review of this many takes some 150 MiB to judge. */
  readonly jsonMarks: number;
  /** Bodies held in memory at once. */
  readonly budgetBytes: number;
  /** Bodies up to this size are never shed, so that nobody can switch the policy off for others by filling the budget. */
  readonly smallBytes: number;
  /** Connections that have not had a review answered: a handshake takes milliseconds, so that few are enough. */
  readonly unprovenConnections: number;
  /** The API servers may share an address with whatever else runs on a node. */
  readonly unprovenPerAddress: number;
  readonly provenConnections: number;
  /** The API server keeps idle connections for 90 s and never retries a POST that met a closed one. */
  readonly keepAliveTimeout: number;
  readonly requestTimeout: number;
  readonly headersTimeout: number;
  readonly handshakeTimeout: number;
  /** How often Node looks for connections that overstay the two timeouts before. */
  readonly connectionsCheckingInterval: number;
  /** Makes the API server's pooled connections spread over new replicas. */
  readonly maxRequestsPerSocket: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 20 * 1024 * 1024,
  jsonMarks: 1_000_000,
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
  maxRequestsPerSocket: 1_000,
};
