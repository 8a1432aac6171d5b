import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import type { FollowOptions } from './known-namespaces.ts';
import { type WatchedCollection, watchCollection } from './watch-collection.ts';

/** What the LimitRanges of the cluster give to containers. */
export interface KnownLimits extends WatchedCollection {
  /** In the order of the names of the LimitRanges. */
  of(namespace: string): readonly LimitDefaults[];
}

interface LimitRange {
  readonly namespace: string;
  readonly name: string;
  readonly defaults: LimitDefaults;
}

interface LimitRangeMetadata {
  readonly metadata: { readonly namespace: string; readonly name: string };
}

export function followLimitRanges({ onNews, ...shared }: FollowOptions): KnownLimits {
  let known = new Map<string, readonly LimitRange[]>();
  const othersThan = ({ namespace, name }: LimitRange): LimitRange[] =>
    (known.get(namespace) ?? []).filter((other) => other.name !== name);
  const watched = watchCollection<LimitRange>({
    ...shared,
    resource: 'limitranges',
    path: '/api/v1/limitranges',
    read(object) {
      const { namespace, name } = (object as LimitRangeMetadata).metadata;
      return { namespace, name, defaults: limitDefaultsOf(object) };
    },
    onReplace(items) {
      known = Map.groupBy(items.toSorted(byName), ({ namespace }) => namespace);
      onNews();
    },
    onUpsert(item) {
      known.set(item.namespace, [...othersThan(item), item].toSorted(byName));
      onNews(item.namespace);
    },
    onDelete(item) {
      const others = othersThan(item);
      if (others.length === 0) known.delete(item.namespace);
      else known.set(item.namespace, others);
    },
    onRefused: onNews,
    ifRefused: 'templates are judged without the defaults that LimitRanges give',
  });
  return Object.assign(watched, {
    of: (namespace: string) => (known.get(namespace) ?? []).map(({ defaults }) => defaults),
  });
}

const byName = (a: LimitRange, b: LimitRange): number => (a.name < b.name ? -1 : 1);
