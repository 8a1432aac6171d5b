import { type LimitDefaults, limitDefaultsOf } from '../../subject/limit-range.ts';
import { type WatchedCollection, watchCollection } from '../api/index.ts';
import type { FollowOptions } from './follow-namespaces.ts';

/** The defaults for containers in the cluster's LimitRanges. */
interface KnownLimits extends WatchedCollection {
  /** Ordered by the names of the LimitRanges. */
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

/** Watches the LimitRanges. Without permission no namespace has defaults. */
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
    onRejected: onNews,
    ifRejected: 'templates are evaluated without LimitRange defaults',
  });
  return Object.assign(watched, {
    of: (namespace: string) => (known.get(namespace) ?? []).map(({ defaults }) => defaults),
  });
}

const byName = (a: LimitRange, b: LimitRange): number => (a.name < b.name ? -1 : 1);
