import type { Labels } from '../../engine/namespace-entry.ts';
import type { LimitDefaults } from '../../subject/limit-range.ts';
import { followLimitRanges } from './follow-limit-ranges.ts';
import { type FollowOptions, followNamespaces } from './follow-namespaces.ts';
import { openWaitingList } from './waiting-list.ts';

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

  const isKnown = (name: string): boolean => namespaces.isRejected || namespaces.get(name) !== undefined;
  /** Milliseconds for which the LimitRanges of the namespace may still be missing. */
  function limitsMayComeFor(name: string): number {
    if (limits.isRejected || limits.of(name).length > 0) return 0;
    if (!limits.isListed) return Number.POSITIVE_INFINITY;
    const { seenAt } = namespaces.get(name) ?? { seenAt: Number.NEGATIVE_INFINITY };
    return Math.max(0, seenAt + newMs - performance.now());
  }
  function problems(): string[] {
    return [
      ...(namespaces.isListed || namespaces.isRejected ? [] : ['the namespaces have not been read yet']),
      ...(limits.isListed || limits.isRejected ? [] : ['the LimitRanges have not been read yet']),
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
