import type { Labels } from '../engine/namespace-policy.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { type CollectionOptions, type WatchedCollection, watchCollection } from './api/index.ts';

/** What admission has to know of namespaces, kept up to date by watches; nothing is asked because of a request. */
export interface NamespaceCache {
  /** All has been read, or may not be read. */
  readonly isReady: boolean;
  /** Why it is not ready, one clause each. */
  problems(): string[];
  /** Undefined while the namespace is not known. */
  labelsOf(name: string): Labels | undefined;
  /** In the order of the names of the LimitRanges. */
  limitDefaultsOf(name: string): readonly LimitDefaults[];
  names(): Iterable<string>;
  /**
   * Resolves as soon as the namespace is known, or after `waitMs`. With `wantsLimits`, a namespace that is new and has
   * no LimitRange is waited for too, as it may be getting one. Undefined when there is nothing to wait for.
   */
  settled(name: string, options: { readonly waitMs: number; readonly wantsLimits: boolean }): Promise<void> | undefined;
  close(): void;
}

/** For how long after a namespace its LimitRange may come: one is made after the other. */
const newMs = 2_000;

/** Begins to follow the namespaces and their LimitRanges. */
export function openNamespaceCache(options: Omit<FollowOptions, 'onNews'>): NamespaceCache {
  const waiting = openWaitingList();
  const onNews = (name?: string): void => (name === undefined ? waiting.lookAtAll() : waiting.look(name));
  const namespaces = followNamespaces({ ...options, onNews });
  const limits = followLimitRanges({ ...options, onNews });

  const isKnown = (name: string): boolean => namespaces.isRefused || namespaces.get(name) !== undefined;
  /** For how long the LimitRanges of the namespace may not be known yet, in milliseconds. */
  function limitsMayComeFor(name: string): number {
    if (limits.isRefused || limits.of(name).length > 0) return 0;
    if (!limits.isListed) return Number.POSITIVE_INFINITY;
    const { seenAt } = namespaces.get(name) ?? { seenAt: Number.NEGATIVE_INFINITY };
    return Math.max(0, seenAt + newMs - performance.now());
  }
  function problems(): string[] {
    return [
      ...(namespaces.isListed || namespaces.isRefused ? [] : ['the namespaces have not been read yet']),
      ...(limits.isListed || limits.isRefused ? [] : ['the LimitRanges have not been read yet']),
    ];
  }
  return {
    get isReady() {
      return problems().length === 0;
    },
    problems,
    labelsOf: (name) => namespaces.get(name)?.labels,
    limitDefaultsOf: (name) => limits.of(name),
    names: () => namespaces.names(),
    settled(name, { waitMs, wantsLimits }) {
      if (waitMs <= 0) return undefined;
      const isSettled = (): boolean => isKnown(name) && (!wantsLimits || limitsMayComeFor(name) === 0);
      if (isSettled()) return undefined;
      return waiting.wait(name, isSettled, isKnown(name) ? Math.min(waitMs, limitsMayComeFor(name)) : waitMs);
    },
    close() {
      namespaces.close();
      limits.close();
      waiting.close();
    },
  };
}

/** The namespaces of the cluster, by their metadata. */
interface KnownNamespaces extends WatchedCollection {
  /** Undefined while it is not known. */
  get(name: string): KnownNamespace | undefined;
  names(): Iterable<string>;
}

interface KnownNamespace {
  readonly labels: Labels;
  /** Milliseconds of `performance.now()`; minus infinity for those that were there from the beginning. */
  readonly seenAt: number;
}

/** What the caches of namespaces and of what is in them are opened with. */
interface FollowOptions extends Pick<CollectionOptions<unknown>, 'client' | 'metrics' | 'log' | 'idleMs' | 'backoff'> {
  /** Something may be known now of this namespace, or of any of them when none is named. */
  readonly onNews: (namespace?: string) => void;
}

interface NamespaceMetadata {
  readonly metadata: { readonly name: string; readonly labels?: Labels };
}

function followNamespaces({ onNews, ...shared }: FollowOptions): KnownNamespaces {
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

/** What the LimitRanges of the cluster give to containers. */
interface KnownLimits extends WatchedCollection {
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

function followLimitRanges({ onNews, ...shared }: FollowOptions): KnownLimits {
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

/** Callers that wait until something is true of a name, each no longer than it can. */
interface WaitingList {
  /** Resolves when it is true at a `look`, or after the time in milliseconds. */
  wait(name: string, isSettled: () => boolean, waitMs: number): Promise<void>;
  /** Releases the callers for which it is true now. */
  look(name: string): void;
  lookAtAll(): void;
  /** Releases all callers. */
  close(): void;
}

interface Waiter {
  readonly isSettled: () => boolean;
  readonly go: () => void;
}

function openWaitingList(): WaitingList {
  const waiting = new Map<string, Set<Waiter>>();
  function look(name: string): void {
    for (const { isSettled, go } of waiting.get(name) ?? []) if (isSettled()) go();
  }
  return {
    wait(name, isSettled, waitMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = waiting.get(name) ?? new Set();
      const waiter = { isSettled, go };
      const timer = setTimeout(go, waitMs);
      function go(): void {
        clearTimeout(timer);
        others.delete(waiter);
        if (others.size === 0) waiting.delete(name);
        resolve();
      }
      waiting.set(name, others.add(waiter));
      return promise;
    },
    look,
    lookAtAll() {
      for (const name of waiting.keys()) look(name);
    },
    close() {
      for (const waiters of waiting.values()) for (const { go } of waiters) go();
    },
  };
}
