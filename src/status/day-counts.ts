import { dayMs, hourMs } from '../time-units.ts';
/** How requests are counted. Each validated object is allowed, denied or one that `enforce` would deny. */
export const countNames = ['allowed', 'denied', 'repaired', 'wouldDeny'] as const;
export type CountName = (typeof countNames)[number];
/** The number of requests, counted like this. */
export type Counts = Readonly<Record<CountName, number>>;

/** Counts by slot and namespace. A slot is the time of its beginning in milliseconds since 1970. */
export type DayCounts = ReadonlyMap<number, ReadonlyMap<string, Counts>>;

/** Stands for all namespaces that have no entry of their own. */
export const others = '';

/** The counts of no requests. */
export const noCounts: Counts = { allowed: 0, denied: 0, repaired: 0, wouldDeny: 0 };

const slotMs = 4 * hourMs;
/** Keeps the counts below half of the 1 MiB that a ConfigMap may have, also if all names are as long as possible. */
const maxEntries = 6_000;

/** The slot of a time, both in milliseconds since 1970. */
export const slotOf = (now: number): number => Math.floor(now / slotMs) * slotMs;

/** The first slot that counts for the last day, which therefore has between 20 and 24 hours. */
export const firstSlot = (now: number): number => slotOf(now - dayMs) + slotMs;

/** Without the slots before the last day. */
export const ofLastDay = (counts: DayCounts, now: number): DayCounts =>
  new Map([...counts].filter(([slot]) => slot >= firstSlot(now)));

/** The sum of both. */
export function added(a: Counts, b: Counts): Counts {
  return {
    allowed: a.allowed + b.allowed,
    denied: a.denied + b.denied,
    repaired: a.repaired + b.repaired,
    wouldDeny: a.wouldDeny + b.wouldDeny,
  };
}

/** The sum of both. If there are too many entries, those that matter least are added to `others` of their slot. */
export function merged(a: DayCounts, b: DayCounts, limit = maxEntries): Map<number, Map<string, Counts>> {
  const sum = new Map<number, Map<string, Counts>>();
  for (const [slot, namespaces] of [...a, ...b])
    for (const [namespace, counts] of namespaces) add(sum, slot, namespace, counts);
  for (const { slot, namespace, counts } of beyond(limit, sum)) {
    sum.get(slot)?.delete(namespace);
    add(sum, slot, others, counts);
  }
  return sum;
}

function beyond(limit: number, sum: DayCounts) {
  const entries = [...sum]
    .flatMap(([slot, namespaces]) => [...namespaces].map(([namespace, counts]) => ({ slot, namespace, counts })))
    .filter(({ namespace }) => namespace !== others);
  if (entries.length <= limit) return [];
  return entries.toSorted((one, other) => mostDeniedFirst(one.counts, other.counts)).slice(limit);
}

function add(sum: Map<number, Map<string, Counts>>, slot: number, namespace: string, counts: Counts): void {
  const namespaces = sum.get(slot) ?? new Map<string, Counts>();
  sum.set(slot, namespaces);
  namespaces.set(namespace, added(namespaces.get(namespace) ?? noCounts, counts));
}

/** Orders the counts that matter most first: denials, then those that `enforce` would add, repairs, and all requests. */
export const mostDeniedFirst = (a: Counts, b: Counts): number =>
  b.denied - a.denied || b.wouldDeny - a.wouldDeny || b.repaired - a.repaired || b.allowed - a.allowed;

/** The counts of all slots by namespace. */
export function byNamespace(counts: DayCounts): Map<string, Counts> {
  const sum = new Map<string, Counts>();
  for (const namespaces of counts.values())
    for (const [namespace, each] of namespaces) sum.set(namespace, added(sum.get(namespace) ?? noCounts, each));
  return sum;
}
