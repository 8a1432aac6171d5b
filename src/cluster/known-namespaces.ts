import type { Labels } from '../engine/namespace-policy.ts';
import { type CollectionOptions, type WatchedCollection, watchCollection } from './watch-collection.ts';

/** The namespaces of the cluster, by their metadata. */
export interface KnownNamespaces extends WatchedCollection {
  /** Undefined while it is not known. */
  get(name: string): KnownNamespace | undefined;
  names(): Iterable<string>;
}

export interface KnownNamespace {
  readonly labels: Labels;
  /** Milliseconds of `performance.now()`; minus infinity for those that were there from the beginning. */
  readonly seenAt: number;
}

/** What the caches of namespaces and of what is in them are opened with. */
export interface FollowOptions
  extends Pick<CollectionOptions<unknown>, 'client' | 'metrics' | 'log' | 'idleMs' | 'backoff'> {
  /** Something may be known now of this namespace, or of any of them when none is named. */
  readonly onNews: (namespace?: string) => void;
}

interface NamespaceMetadata {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

export function followNamespaces({ onNews, ...shared }: FollowOptions): KnownNamespaces {
  let known = new Map<string, KnownNamespace>();
  const seenAt = (name: string): number => known.get(name)?.seenAt ?? performance.now();
  const watched = watchCollection<readonly [string, Labels]>({
    ...shared,
    resource: 'namespaces',
    path: '/api/v1/namespaces',
    metadataOnly: true,
    read(object) {
      const { name, labels = {} } = (object as NamespaceMetadata).metadata;
      return [name, labels];
    },
    onReplace(items, isFirst) {
      known = new Map(
        items.map(([name, labels]) => [name, { labels, seenAt: isFirst ? Number.NEGATIVE_INFINITY : seenAt(name) }]),
      );
      onNews();
    },
    onUpsert([name, labels]) {
      known.set(name, { labels, seenAt: seenAt(name) });
      onNews(name);
    },
    onDelete: ([name]) => void known.delete(name),
    onRefused: onNews,
    ifRefused: 'labels of namespaces are unknown, and policies are read as strictly as any labels make them',
  });
  return Object.assign(watched, { get: (name: string) => known.get(name), names: () => known.keys() });
}
