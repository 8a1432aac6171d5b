import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { type Pointer, segmentsOf } from '../patch/pointer.ts';
import { type AliasTargets, isMerge, keyText, mergedMap, mergeSources, targetOf } from './aliases.ts';
import { offsetOf } from './plain-data.ts';

/** A value, and where to point a reader who asks for it: at its key, or at a list element itself. */
interface Place {
  readonly offset: number;
  readonly value: unknown;
}

/** The offset of the place where the value (or its nearest ancestor that exists) is written. */
export function locate(contents: Node, targets: AliasTargets, path: Pointer): number {
  let place: Place = { offset: offsetOf(contents), value: contents };
  for (const segment of segmentsOf(path)) {
    const next = step(targetOf(place.value, targets), segment, targets);
    if (next === undefined) break;
    place = next;
  }
  return place.offset;
}

function step(node: Node | undefined, segment: string, targets: AliasTargets): Place | undefined {
  if (isMap(node)) return memberOf(node, segment, targets);
  if (!isSeq(node) || !/^\d+$/.test(segment)) return undefined;
  const value: unknown = node.items[Number(segment)];
  return value === undefined ? undefined : { offset: offsetOf(value), value };
}

/** The pair that wins, as in the conversion to data. */
function memberOf(map: YAMLMap, key: string, targets: AliasTargets): Place | undefined {
  let found: Place | undefined;
  for (const pair of map.items) {
    if (isMerge(pair)) {
      for (const source of mergeSources(pair.value)) {
        const merged = mergedMap(source, targets);
        found = (merged && memberOf(merged, key, targets)) ?? found;
      }
    } else if (keyText(pair.key, targets) === key) {
      found = { offset: offsetOf(pair.key), value: pair.value };
    }
  }
  return found;
}
