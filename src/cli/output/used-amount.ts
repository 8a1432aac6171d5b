/** Cores that were used, in thousandths: `208m`. */
export const shownCpu = (cores: number | undefined): string | undefined =>
  cores === undefined ? undefined : `${Math.round(cores * 1000)}m`;

/** Bytes that were used: `262Mi`. */
export const shownMemory = (bytes: number | undefined): string | undefined =>
  bytes === undefined ? undefined : `${Math.round(bytes / 2 ** 20)}Mi`;
