import type { Labels } from '../engine/namespace-policy.ts';
import type { LimitDefaults } from '../subject/limit-range.ts';
import { followLimitRanges } from './known-limits.ts';
import { type FollowOptions, followNamespaces } from './known-namespaces.ts';
import { openWaitingList } from './waiting-list.ts';

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
