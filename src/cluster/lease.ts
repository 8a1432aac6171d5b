import type { Logger } from 'pino';
import { type Clock, isConflict, onceAMinute, repeat, systemClock } from './api/index.ts';
import { claimOf, type Lease, type LeasePlace, storedLease } from './stored-lease.ts';

/** The times of an election, in milliseconds. */
export interface LeaseTiming {
  /** How long other replicas wait for an unresponsive leader. */
  readonly durationMs: number;
  readonly renewMs: number;
  /** How often other replicas check the Lease, and how soon the leader retries. */
  readonly retryMs: number;
}

const defaultLeaseTiming: LeaseTiming = { durationMs: 15_000, renewMs: 5_000, retryMs: 2_000 };

/** This replica's part in an election. */
export interface Election {
  /** Becomes false well before another replica can become the leader. */
  readonly isLeader: boolean;
  /** The identity of the leader, as last read from the Lease; undefined if there is none. */
  readonly leader: string | undefined;
  /** Calls the listener whenever this replica becomes the leader. */
  onGain(listener: () => void): void;
  /** Releases the Lease, so that the next leader need not wait. */
  close(): Promise<void>;
}

interface ElectionOptions extends LeasePlace {
  /** Unique among all replicas, and across restarts of this one. */
  readonly identity: string;
  readonly timing?: Partial<LeaseTiming> | undefined;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/**
 * Takes part in a leader election by Lease, like client-go's leaderelection: the leader renews the Lease, and a replica
 * that sees no renewal for the Lease's duration takes over.
 */
export function runElection(options: ElectionOptions): Election {
  const { name, identity, log, clock = systemClock } = options;
  const timing = { ...defaultLeaseTiming, ...options.timing };
  const stored = storedLease(options);
  const isFree = openExpiry(identity, timing, clock);
  const closing = new AbortController();
  const complain = onceAMinute();
  const leadership = openLeadership(clock, () => log.info({ lease: name, identity }, 'this replica is now the leader'));
  let held: Lease | undefined;
  let leader: string | undefined;

  async function claim(): Promise<boolean> {
    const lease = await stored.read();
    leader = lease?.spec?.holderIdentity || undefined;
    if (lease !== undefined && !isFree(lease)) return false;
    // Other replicas count from when they see the renewal, which is later than this.
    const startedAt = clock.now();
    held = await stored.write(lease, claimOf(lease, { identity, durationMs: timing.durationMs, date: clock.date() }));
    leader = identity;
    leadership.extend(startedAt + (timing.durationMs * 2) / 3);
    return true;
  }

  async function round(): Promise<number> {
    const jitter = 0.9 + Math.random() * 0.2;
    try {
      if (await claim()) return timing.renewMs * jitter;
      leadership.end();
    } catch (error) {
      const { message: problem } = error as Error;
      if (!isConflict(error) && !closing.signal.aborted)
        complain(problem, () => log.warn({ lease: name, problem }, unrenewed));
    }
    return timing.retryMs * jitter;
  }
  const ended = repeat(round, closing.signal, clock);

  async function release(): Promise<void> {
    closing.abort();
    await ended;
    if (!leadership.isHeld() || held === undefined) return;
    leadership.end();
    await stored.write(held, { ...held.spec, holderIdentity: '', leaseDurationSeconds: 1 });
  }
  return {
    get isLeader() {
      return leadership.isHeld();
    },
    get leader() {
      return leader;
    },
    onGain: leadership.onGain,
    close: () =>
      release().catch((error: unknown) =>
        log.info({ problem: (error as Error).message }, 'could not release the Lease'),
      ),
  };
}

/** The time until which this replica leads, and its listeners. */
function openLeadership(clock: Clock, say: () => void) {
  const listeners: (() => void)[] = [];
  let until = Number.NEGATIVE_INFINITY;
  const isHeld = (): boolean => clock.now() < until;
  return {
    isHeld,
    extend(to: number): void {
      const isNew = !isHeld();
      until = to;
      if (!isNew) return;
      say();
      for (const listener of listeners) listener();
    },
    end(): void {
      until = Number.NEGATIVE_INFINITY;
    },
    onGain(listener: () => void): void {
      listeners.push(listener);
      if (isHeld()) listener();
    },
  };
}

const unrenewed =
  'cannot renew the Lease; without a leader, certificates are not renewed and the cluster is not scanned';

/**
 * Returns whether a Lease may be claimed: no other replica holds it, or it was not renewed for its duration. That is measured
 * on this replica's monotonic clock, because the times in the Lease come from other machines and are not trusted.
 */
function openExpiry(identity: string, { durationMs }: LeaseTiming, clock: Clock): (lease: Lease) => boolean {
  let seen = { record: '', at: 0 };
  return ({ spec = {} }) => {
    const { holderIdentity = '', leaseDurationSeconds = durationMs / 1000, renewTime = '' } = spec;
    const record = `${holderIdentity} ${renewTime}`;
    if (record !== seen.record) seen = { record, at: clock.now() };
    if (holderIdentity === '' || holderIdentity === identity) return true;
    return clock.now() - seen.at > leaseDurationSeconds * 1000;
  };
}
