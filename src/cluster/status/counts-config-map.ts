import type { V1ConfigMap } from '@kubernetes/client-node';
import { type Counts, countNames, type DayCounts, merged, ofLastDay } from '../../status/day-counts.ts';
import { type ApiClient, isConflict, unlessRejected } from '../api/index.ts';
import { applyConfigMap, configMapPath, type StatusNames, timeoutMs } from './status-config-map.ts';

const mostTries = 5;

/**
 * Adds counts to those of all replicas in the cluster and returns the sum; without counts it only reads. If another
 * replica was faster, it adds them to the new sum.
 */
export async function addCounts(
  client: ApiClient,
  names: StatusNames,
  counts: DayCounts,
  now: number,
): Promise<DayCounts> {
  for (let tries = 1; ; tries += 1)
    try {
      return await addOnce(client, names, counts, now);
    } catch (error) {
      if (!isConflict(error) || tries === mostTries) throw error;
    }
}

async function addOnce(client: ApiClient, names: StatusNames, counts: DayCounts, now: number): Promise<DayCounts> {
  const name = countsName(names);
  const found = (await unlessRejected([404], client.get(configMapPath(names, name), {}, { timeoutMs }))) as
    | V1ConfigMap
    | undefined;
  const known = ofLastDay(countsIn(found?.data ?? {}), now);
  if (counts.size === 0) return known;
  const sum = merged(known, counts);
  // Slots that are no longer in the applied object are removed.
  await applyConfigMap(client, names, {
    metadata: { name, resourceVersion: found?.metadata?.resourceVersion },
    data: Object.fromEntries([...sum].map(([slot, namespaces]) => [keyOf(slot), textOf(namespaces)])),
  });
  return sum;
}

const countsName = ({ configMap }: StatusNames): string => `${configMap}-counts`;

/** Keys of a ConfigMap must not contain colons. */
const keyOf = (slot: number): string => `${new Date(slot).toISOString().slice(0, 13)}.json`;
const slotIn = (key: string): number => Date.parse(key.replace(/\.json$/, ':00:00Z'));

/** One line per namespace, `"shop":[12,0,3,1]`, in the order of `countNames`. */
function textOf(namespaces: ReadonlyMap<string, Counts>): string {
  const lines = [...namespaces].map(
    ([namespace, counts]) =>
      `${JSON.stringify(namespace)}:${JSON.stringify(countNames.map((countName) => counts[countName]))}`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** Skips entries in any other format, because anyone who may write the ConfigMap may have edited it. */
function countsIn(data: Readonly<Record<string, string>>): DayCounts {
  return new Map(
    Object.entries(data).flatMap(([key, text]) => {
      const slot = slotIn(key);
      return Number.isNaN(slot) ? [] : [[slot, namespacesIn(text)] as const];
    }),
  );
}

function namespacesIn(text: string): Map<string, Counts> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return new Map();
  }
  return new Map(
    Object.entries(Object(parsed) as Record<string, unknown>).flatMap(([namespace, numbers]) => {
      if (!Array.isArray(numbers) || !numbers.every(Number.isSafeInteger)) return [];
      const [allowed = 0, denied = 0, repaired = 0, wouldDeny = 0] = numbers as number[];
      return [[namespace, { allowed, denied, repaired, wouldDeny }] as const];
    }),
  );
}
