const growth = Math.log(1.02);
/** Smaller values, zero included, are in the first bucket. */
const smallest = 1e-6;

/**
 * Values in buckets that grow by 2 %, so that its size depends on their spread and not on their number. Every container
 * of a cluster has two, so a bucket is two numbers in an array, and methods are shared.
 */
export class Distribution {
  /** Buckets, each followed by the number of its values. */
  #cells: number[] | undefined;
  #largest: number | undefined;

  add(value: number): void {
    const bucket = Math.max(0, Math.ceil(Math.log(Math.max(value, smallest) / smallest) / growth));
    this.#largest = Math.max(this.#largest ?? value, value);
    if (this.#cells === undefined) {
      // a literal has no room for more, which most containers of a single reading do not need
      this.#cells = [bucket, 1];
      return;
    }
    for (let cell = 0; cell < this.#cells.length; cell += 2)
      if (this.#cells[cell] === bucket) {
        this.#cells[cell + 1] = (this.#cells[cell + 1] ?? 0) + 1;
        return;
      }
    this.#cells.push(bucket, 1);
  }

  /** At most 2 % above the value at the percentile, and never below it; the largest value at 100. */
  percentile(percent: number): number | undefined {
    if (this.#largest === undefined) return undefined;
    const buckets = this.#buckets().toSorted(([a], [b]) => a - b);
    let left = Math.ceil((percent / 100) * buckets.reduce((sum, [, size]) => sum + size, 0));
    for (const [bucket, size] of buckets) {
      left -= size;
      if (left <= 0) return Math.min(this.#largest, smallest * Math.exp(bucket * growth));
    }
    return this.#largest;
  }

  get largest(): number | undefined {
    return this.#largest;
  }

  /** How many buckets it holds. */
  get size(): number {
    return (this.#cells?.length ?? 0) / 2;
  }

  #buckets(): (readonly [bucket: number, size: number])[] {
    const cells = this.#cells ?? [];
    return Array.from({ length: cells.length / 2 }, (_, index) => [cells[2 * index] ?? 0, cells[2 * index + 1] ?? 0]);
  }
}
