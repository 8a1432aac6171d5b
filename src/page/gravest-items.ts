/** Keeps only the gravest of the items that are added. */
export interface Gravest<T> {
  /** Creates the item only if it may be among them. */
  add(rank: number, create: () => T): void;
  /** In the order in which they were added. */
  items(): T[];
}

interface Ranked<T> {
  readonly rank: number;
  readonly nth: number;
  readonly item: T;
}

/** How many more are kept until the surplus is removed, so that it is not sorted for each. */
const slack = 256;

/** Keeps the items of the lowest rank, of equal rank the first ones; never more than the number and the slack. */
export function openGravest<T>(most: number): Gravest<T> {
  let kept: Ranked<T>[] = [];
  let count = 0;
  /** No later item of this rank or above can be among them. */
  let limit = Number.POSITIVE_INFINITY;
  function removeSurplus(): void {
    kept = kept.toSorted((a, b) => a.rank - b.rank || a.nth - b.nth).slice(0, most);
    limit = kept[most - 1]?.rank ?? limit;
  }
  return {
    add(rank, create) {
      const nth = count++;
      if (rank >= limit) return;
      kept.push({ rank, nth, item: create() });
      if (kept.length >= most + slack) removeSurplus();
    },
    items() {
      if (kept.length > most) removeSurplus();
      return kept.toSorted((a, b) => a.nth - b.nth).map(({ item }) => item);
    },
  };
}
