import type { Labels } from '../engine/namespace-policy.ts';
import { type LimitDefaults, limitDefaultsOf } from '../subject/limit-range.ts';
import { type CollectionOptions, type WatchedCollection, watchCollection } from './api/index.ts';

/**
 * The data about namespaces that admission needs, kept up to date by watches, so that an admission request needs no API
 * call.
 */
export interface NamespaceCache {
  /** Everything was read, or is forbidden to read. */
  readonly isReady: boolean;
  /** Why it is not ready, one clause each. */
  problems(): string[];
  /** Undefined while the namespace is unknown. */
  labelsOf(name: string): Labels | undefined;
  /** Ordered by the names of the LimitRanges. */
  limitDefaultsOf(name: string): readonly LimitDefaults[];
  names(): Iterable<string>;
  /**
   * Resolves as soon as the namespace is known, or after `waitMs`. With `wantsLimits`, also waits for a LimitRange in a
   * new namespace that has none, because it may be about to get one. Undefined if there is nothing to wait for.
   */
  settled(name: string, options: { readonly waitMs: number; readonly wantsLimits: boolean }): Promise<void> | undefined;
  close(): void;
}

/** How long after a new namespace its LimitRange may follow. */
const newMs = 2_000;

/** Starts to watch namespaces and their LimitRanges. */
export function openNamespaceCache(options: Omit<FollowOptions, 'onNews'>): NamespaceCache {
  const waiting = openWaitingList();
  const onNews = (name?: string): void => (name === undefined ? waiting.lookAtAll() : waiting.look(name));
  const namespaces = followNamespaces({ ...options, onNews });
  const limits = followLimitRanges({ ...options, onNews });

  const isKnown = (name: string): boolean => namespaces.isRefused || namespaces.get(name) !== undefined;
  /** Milliseconds for which the LimitRanges of the namespace may still be missing. */
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
  /** Undefined while it is unknown. */
  get(name: string): KnownNamespace | undefined;
  names(): Iterable<string>;
}

interface KnownNamespace {
  readonly labels: Labels;
  /** Milliseconds of `performance.now()`; minus infinity for namespaces in the initial list. */
  readonly seenAt: number;
}

/** Options of the namespace and LimitRange watches. */
interface FollowOptions extends Pick<CollectionOptions<unknown>, 'client' | 'metrics' | 'log' | 'idleMs' | 'backoff'> {
  /** Called when a namespace, or any of them if none is named, may have become known. */
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
    ifRefused: 'labels of namespaces are unknown, and the strictest interpretation of the policy applies',
  });
  return Object.assign(watched, { get: (name: string) => known.get(name), names: () => known.keys() });
}

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
    ifRefused: 'templates are evaluated without LimitRange defaults',
  });
  return Object.assign(watched, {
    of: (namespace: string) => (known.get(namespace) ?? []).map(({ defaults }) => defaults),
  });
}

const byName = (a: LimitRange, b: LimitRange): number => (a.name < b.name ? -1 : 1);

/** Callers that wait for a condition on a name, each with a time limit. */
interface WaitingList {
  /** Resolves when a `look` finds the condition true, or after the time in milliseconds. */
  wait(name: string, isSettled: () => boolean, waitMs: number): Promise<void>;
  /** Releases the callers whose condition is now true. */
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
