import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countedSource } from './counted-source.ts';

const root = join(import.meta.dirname, '../../..');
const sourceFolder = join(root, 'src/');
const places: string[] = [];
const counts: number[] = [];

function addSite(place: string): number {
  counts.push(0);
  return places.push(place) - 1;
}

const add = (site: number, steps: number): void => {
  counts[site] = (counts[site] ?? 0) + steps;
};

/** What the counters in the sources call. */
const work = {
  step: (site: number): void => add(site, 1),
  walk<T>(site: number, walked: T): T {
    add(site, sizeOf(walked));
    return walked;
  },
};
Object.assign(globalThis, { $work: work });

/** How many steps it takes to walk the value; characters are cheaper than elements. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / 16;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Set || value instanceof Map) return value.size;
  return Object.keys(value).length;
}

/** The work of a call by places of the source. */
export function workOf(call: () => void): ReadonlyMap<string, number> {
  counts.fill(0);
  call();
  return new Map(places.flatMap((place, site) => (counts[site] === 0 ? [] : [[place, counts[site] as number]])));
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const path = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (!path.startsWith(sourceFolder) || !path.endsWith('.ts')) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString();
    return { ...loaded, source: countedSource(path.slice(root.length + 1), source, addSite) };
  },
});
