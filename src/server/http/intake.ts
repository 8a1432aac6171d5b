import type { Limits } from './limits.ts';

/** The reviews that are being read or evaluated, and the memory of their bodies. */
export interface Intake {
  readonly inFlight: number;
  readonly bytes: number;
  open(): Ticket;
}

/** One review's share of the intake. */
export interface Ticket {
  /** Accounts for more of the body; false if there is no room for it, in which case the body must be dropped. */
  take(bytes: number): boolean;
  /** Releases the memory because the body was dropped. */
  release(): void;
  /** Releases the memory and the ticket. May be called more than once. */
  close(): void;
}

/**
 * Limits the memory of bodies by the bytes that have arrived, because declaring a length costs the sender nothing. A
 * single review of any size always fits.
 */
export function createIntake({ budgetBytes, smallBytes }: Pick<Limits, 'budgetBytes' | 'smallBytes'>): Intake {
  let inFlight = 0;
  let total = 0;
  function open(): Ticket {
    let own = 0;
    let isOpen = true;
    inFlight++;
    const release = (): void => {
      total -= own;
      own = 0;
    };
    return {
      take(bytes) {
        own += bytes;
        total += bytes;
        if (own <= smallBytes || total <= budgetBytes || total === own) return true;
        release();
        return false;
      },
      release,
      close() {
        release();
        if (isOpen) inFlight--;
        isOpen = false;
      },
    };
  }
  return {
    get inFlight() {
      return inFlight;
    },
    get bytes() {
      return total;
    },
    open,
  };
}
