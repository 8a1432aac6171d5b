/** Values in buckets that grow by 2 %, so that its size depends on their spread and not on their number. */
export interface Distribution {
  add(value: number): void;
  /** At most 2 % above the value at the percentile, and never below it; the largest value at 100. */
  percentile(percent: number): number | undefined;
  readonly largest: number | undefined;
}

const growth = Math.log(1.02);
/** Smaller values, zero included, are in the first bucket. */
const smallest = 1e-6;

export function openDistribution(): Distribution {
  const buckets = new Map<number, number>();
  let count = 0;
  let largest: number | undefined;
  return {
    add(value) {
      const bucket = Math.max(0, Math.ceil(Math.log(Math.max(value, smallest) / smallest) / growth));
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      count++;
      largest = Math.max(largest ?? value, value);
    },
    percentile(percent) {
      if (largest === undefined) return undefined;
      let left = Math.ceil((percent / 100) * count);
      for (const [bucket, size] of [...buckets].toSorted(([a], [b]) => a - b)) {
        left -= size;
        if (left <= 0) return Math.min(largest, smallest * Math.exp(bucket * growth));
      }
      return largest;
    },
    get largest() {
      return largest;
    },
  };
}
