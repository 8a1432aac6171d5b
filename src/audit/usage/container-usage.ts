/** The usage of one container of one Pod while it was watched. */
export interface ContainerUsage {
  readonly pod: string;
  readonly container: string;
  /** Cores at the chosen percentile; undefined if unknown. */
  readonly cpu: number | undefined;
  /** Bytes at the chosen percentile, and the most that were seen. */
  readonly memory: number | undefined;
  readonly peakMemory: number | undefined;
  /** The start of the watch, in seconds since 1970. */
  readonly since: number;
  /** How long it was watched, without the gaps. */
  readonly seconds: number;
  /** The share of its scheduling periods in which it was throttled; undefined if unknown. */
  readonly throttled: number | undefined;
}

/** The percentiles that represent the usage. */
export interface Percentiles {
  readonly cpu: number;
  readonly memory: number;
}
