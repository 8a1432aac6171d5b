import { minuteMs } from '../../time-units.ts';

/** A value that is rebuilt every few minutes, or after it was invalidated. */
export interface Renewed<T> {
  /** The current value; rejects while it cannot be built. */
  current(): Promise<T>;
  /** Invalidates this value: the next use builds a new one. */
  forget(useless: T): void;
}

/** Credentials and addresses in files change, but connections should be reused for a while. */
const freshMs = 5 * minuteMs;

/** Builds the value on first use; `onReplaced` gets the old value after a new one was built. */
export function renewed<T>(make: () => Promise<T>, onReplaced: (old: T) => void = () => undefined): Renewed<T> {
  let making: Promise<T> | undefined;
  let madeAt = 0;
  let made: T | undefined;
  let isRenewing = false;
  async function renew(): Promise<T> {
    isRenewing = true;
    try {
      const next = await make();
      if (made !== undefined) onReplaced(made);
      return (made = next);
    } finally {
      isRenewing = false;
    }
  }
  return {
    current() {
      if (making !== undefined && performance.now() - madeAt < freshMs) return making;
      madeAt = performance.now();
      const renewal = renew();
      renewal.catch(() => {
        if (making === renewal) making = undefined;
      });
      return (making = renewal);
    },
    forget(useless) {
      if (useless === made && !isRenewing) making = undefined;
    },
  };
}
