import { type Pointer, segmentsOf } from '../patch/pointer.ts';
import { isMerge, keyText, mergedMap, mergeSources, targetOf } from './maps.ts';
import type { MapNode, YamlNode } from './nodes.ts';

/** A value and the offset to report for it: its key, or the list element itself. */
interface Place {
  readonly offset: number;
  readonly value: YamlNode;
}

/** The offset of the value, or of its nearest existing ancestor. */
export function locate(document: YamlNode, path: Pointer): number {
  let place: Place = { offset: document.offset, value: document };
  for (const segment of segmentsOf(path)) {
    const node = targetOf(place.value);
    const next = node && step(node, segment);
    if (next === undefined) break;
    place = next.offset < 0 ? { ...next, offset: place.offset } : next;
  }
  return place.offset;
}

function step(node: YamlNode, segment: string): Place | undefined {
  if (node.kind === 'map') return memberOf(node, segment);
  if (node.kind !== 'list' || !/^\d+$/.test(segment)) return undefined;
  const value = node.items[Number(segment)];
  return value && { offset: value.offset, value };
}

/** The pair that wins, as in the conversion to data. */
function memberOf(map: MapNode, key: string): Place | undefined {
  let found: Place | undefined;
  for (const pair of map.pairs) {
    if (isMerge(pair)) {
      for (const source of mergeSources(pair.value)) {
        const merged = mergedMap(source);
        found = (merged && memberOf(merged, key)) ?? found;
      }
    } else if (keyText(pair.key) === key) {
      found = { offset: pair.key.offset, value: pair.value };
    }
  }
  return found;
}
