/** A value that is rebuilt every few minutes, or once it is useless. */
export interface Renewed<T> {
  /** The current one; rejects while none can be made. */
  current(): Promise<T>;
  /** Reports that this one is useless: the next use gets a new one. */
  forget(useless: T): void;
}

/** Credentials and addresses in files change; connections are worth keeping for a while. */
const freshMs = 5 * 60_000;

/** Makes it at the first use; `onReplaced` gets the old one once there is a new one. */
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
