import { type CountName, type Counts, type DayCounts, merged, noCounts, slotOf } from './day-counts.ts';

/** The counts of this replica since it last added them to those in the cluster. */
export interface PendingCounts {
  count(namespace: string, countName: CountName): void;
  /** Returns the counts and starts again with none. */
  take(): DayCounts;
  /** Returns counts that could not be added. */
  putBack(counts: DayCounts): void;
}

/** No counts; `now` is in milliseconds since 1970. */
export function openPendingCounts(now: () => number): PendingCounts {
  let pending = new Map<number, Map<string, Counts>>();
  return {
    count(namespace, countName) {
      const slot = slotOf(now());
      const namespaces = pending.get(slot) ?? new Map<string, Counts>();
      pending.set(slot, namespaces);
      const counts = namespaces.get(namespace) ?? noCounts;
      namespaces.set(namespace, { ...counts, [countName]: counts[countName] + 1 });
    },
    take() {
      const taken = pending;
      pending = new Map();
      return taken;
    },
    putBack(counts) {
      pending = merged(counts, pending);
    },
  };
}
