import { isMap, isNode, isSeq } from 'yaml';
import { sameJson } from '../../patch/edits.ts';
import { isBlock } from './layout.ts';
import type { Site } from './site.ts';
import type { CollectionNode, Holder, SourceText } from './source-text.ts';
import type { DeepSplice } from './splice.ts';
import { growBlockList, growBlockMap, replaceInBlock } from './write-block.ts';
import { growFlow, replaceInFlow } from './write-flow.ts';

/** The additions to one collection. */
interface Growth {
  readonly collection: CollectionNode;
  readonly depth: number;
  readonly members: Record<string, unknown>;
  readonly items: unknown[];
  readonly replaced: Map<string, { readonly holder: Holder; readonly value: unknown }>;
}

/** The splices that apply the operations at these sites; undefined if one is not supported. */
export function writeSites(sites: readonly Site[], source: SourceText): DeepSplice[] | undefined {
  const growths = new Map<CollectionNode, Growth>();
  for (const site of sites) {
    const { collection, depth } = site;
    const growth = growths.get(collection) ?? { collection, depth, members: {}, items: [], replaced: new Map() };
    growths.set(collection, growth);
    if (!addTo(growth, site)) return undefined;
  }
  const splices = [...growths.values()].map((growth) => splicesOf(growth, source));
  return splices.every((some) => some !== undefined) ? splices.flat() : undefined;
}

/** Places that share a text may add the same value, which is written once; false if they add different ones. */
function addTo({ collection, members, items, replaced }: Growth, { key, pair, operation }: Site): boolean {
  if (operation.op === 'remove') return false;
  const { value } = operation;
  if (isSeq(collection) && operation.op === 'add') {
    if (key !== '-') return false;
    if (!items.some((item) => sameJson(item, value))) items.push(value);
    return true;
  }
  const old: unknown = isSeq(collection) ? collection.items[Number(key)] : pair?.value;
  const earlier = replaced.get(key)?.value ?? members[key];
  if (earlier !== undefined) return sameJson(earlier, value);
  if (isSeq(collection) || pair !== undefined)
    replaced.set(key, { holder: { collection, ...(pair && { pair }), value: isNode(old) ? old : null }, value });
  else members[key] = value;
  return true;
}

function splicesOf({ collection, depth, ...growth }: Growth, source: SourceText): DeepSplice[] | undefined {
  const parts: (DeepSplice[] | undefined)[] = [...growth.replaced.values()].map(({ holder, value }) =>
    replace(holder, value, depth + 1, source),
  );
  const additions = isMap(collection) ? growth.members : growth.items;
  if (Object.keys(additions).length > 0) parts.push(grow(collection, additions, depth, source));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function grow(
  collection: CollectionNode,
  additions: Readonly<Record<string, unknown>> | readonly unknown[],
  depth: number,
  source: SourceText,
): DeepSplice[] | undefined {
  if (collection.items.length === 0) {
    const holder = source.holderOf(collection);
    return holder && replace(holder, additions, depth, source);
  }
  if (!isBlock(collection)) return growFlow(collection, additions, depth, source);
  return Array.isArray(additions)
    ? growBlockList(collection, additions, depth, source)
    : growBlockMap(collection, additions, depth, source);
}

const replace = (holder: Holder, value: unknown, depth: number, source: SourceText): DeepSplice[] | undefined =>
  isBlock(holder.collection)
    ? replaceInBlock(holder, value, depth, source)
    : replaceInFlow(holder, value, depth, source);
