import type { Labels } from '../../engine/namespace-entry.ts';
import { type CollectionOptions, type WatchedCollection, watchCollection } from '../api/index.ts';

/** Options of the namespace and LimitRange watches. */
export interface FollowOptions
  extends Pick<CollectionOptions<unknown>, 'client' | 'metrics' | 'log' | 'idleMs' | 'backoff'> {
  /** Called when a namespace, or any of them if none is named, may have become known. */
  readonly onNews: (namespace?: string) => void;
}

/** The namespaces of the cluster, by their metadata. */
interface KnownNamespaces extends WatchedCollection {
  /** Undefined while it is unknown. */
  get(name: string): KnownNamespace | undefined;
  names(): Iterable<string>;
}

interface KnownNamespace {
  readonly labels: Labels;
  /** Milliseconds of `performance.now()`; minus infinity for namespaces in the initial list. */
  readonly seenAt: number;
}

interface NamespaceMetadata {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

/** Watches the namespaces. Without permission their labels are unknown, so the policy is interpreted most strictly. */
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
    onRejected: onNews,
    ifRejected: 'labels of namespaces are unknown, and the strictest interpretation of the policy applies',
  });
  return Object.assign(watched, { get: (name: string) => known.get(name), names: () => known.keys() });
}
