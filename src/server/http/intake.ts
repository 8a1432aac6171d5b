import type { Limits } from './limits.ts';

/** The reviews that are being read or judged, and the memory that their bodies take. */
export interface Intake {
  readonly inFlight: number;
  readonly bytes: number;
  open(): Ticket;
}

/** One review's share of the intake. */
export interface Ticket {
  /** Accounts for more of the body; false when there is no room for it, after which the body is to be dropped. */
  take(bytes: number): boolean;
  /** Gives back the memory: the body was dropped. */
  release(): void;
  /** Gives back the memory, and leaves. May be called more than once. */
  close(): void;
}

/**
 * Bounds the memory of bodies by what has really arrived: a declared length costs its sender nothing. A review that is
 * alone always fits, whatever its size.
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
