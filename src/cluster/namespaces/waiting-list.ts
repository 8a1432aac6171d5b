/** Callers that wait for a condition on a name, each with a time limit. */
export interface WaitingList {
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

/** A list without callers. */
export function openWaitingList(): WaitingList {
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
