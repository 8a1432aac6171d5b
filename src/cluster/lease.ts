import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Lease } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { type Connection, isConflict, orAbsent, problemOf } from './connection.ts';
import { onceAMinute } from './once-a-minute.ts';

export interface LeaseTiming {
  /** How long others wait for a leader that is silent. */
  readonly durationMs: number;
  readonly renewMs: number;
  /** How often those that do not lead look, and the leader tries again. */
  readonly retryMs: number;
}

const defaultLeaseTiming: LeaseTiming = { durationMs: 15_000, renewMs: 5_000, retryMs: 2_000 };

export interface Election {
  /** False a good while before anybody else can become the leader. */
  readonly isLeader: boolean;
  /** Calls the listener whenever this replica has become the leader. */
  onGain(listener: () => void): void;
  /** Gives the Lease up, so that the next leader need not wait. */
  close(): Promise<void>;
}

export interface ElectionOptions {
  readonly connection: () => Promise<Connection>;
  readonly namespace: string;
  readonly name: string;
  /** Unlike that of any other replica, and of this one before a restart. */
  readonly identity: string;
  readonly timing?: Partial<LeaseTiming> | undefined;
  readonly log: Logger;
}

/**
 * Takes part in the election of a leader by a Lease, in the way of client-go's leaderelection: who leads renews, and who
 * sees no renewal for the Lease's duration, by its own clock that never jumps, takes over.
 */
export function runElection(options: ElectionOptions): Election {
  const { connection, namespace, name, identity, log } = options;
  const timing = { ...defaultLeaseTiming, ...options.timing };
  const closing = new AbortController();
  const complain = onceAMinute();
  const listeners: (() => void)[] = [];
  let leaderUntil = Number.NEGATIVE_INFINITY;
  let seen = { record: '', at: 0 };
  let held: V1Lease | undefined;
  const isLeader = (): boolean => performance.now() < leaderUntil;

  function isFree({ spec = {} }: V1Lease): boolean {
    const { holderIdentity = '', leaseDurationSeconds = timing.durationMs / 1000, renewTime } = spec;
    // The client says that the time is a Date; what it reads is text.
    const record = `${holderIdentity} ${JSON.stringify(renewTime)}`;
    if (record !== seen.record) seen = { record, at: performance.now() };
    if (holderIdentity === '' || holderIdentity === identity) return true;
    return performance.now() - seen.at > leaseDurationSeconds * 1000;
  }

  async function claim(): Promise<boolean> {
    const { leases } = await connection();
    const lease = await orAbsent(leases.readNamespacedLease({ namespace, name }));
    if (lease !== undefined && !isFree(lease)) return false;
    const startedAt = performance.now();
    const body = await claimedBy(identity, lease, { namespace, name }, timing);
    held =
      lease === undefined
        ? await leases.createNamespacedLease({ namespace, body })
        : await leases.replaceNamespacedLease({ namespace, name, body });
    const isNew = !isLeader();
    leaderUntil = startedAt + (timing.durationMs * 2) / 3;
    if (isNew) {
      log.info({ lease: name, identity }, 'this replica leads now');
      for (const listener of listeners) listener();
    }
    return true;
  }

  async function round(): Promise<number> {
    try {
      if (await claim()) return timing.renewMs;
      leaderUntil = Number.NEGATIVE_INFINITY;
    } catch (error) {
      const problem = problemOf(error);
      if (!isConflict(error) && !closing.signal.aborted)
        complain(problem, () =>
          log.warn(
            { lease: name, problem },
            'the Lease cannot be renewed; without a leader no certificate is renewed and nothing is scanned',
          ),
        );
    }
    return timing.retryMs;
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const pause = await round();
      const jitter = 0.9 + Math.random() * 0.2;
      await sleep(pause * jitter, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  }
  const ended = run();

  async function release(): Promise<void> {
    closing.abort();
    await ended;
    if (!isLeader() || held === undefined) return;
    leaderUntil = Number.NEGATIVE_INFINITY;
    held.spec = Object.assign(held.spec ?? {}, { holderIdentity: '', leaseDurationSeconds: 1 });
    const { leases } = await connection();
    await leases.replaceNamespacedLease({ namespace, name, body: held });
  }
  return {
    get isLeader() {
      return isLeader();
    },
    onGain(listener) {
      listeners.push(listener);
      if (isLeader()) listener();
    },
    close: () =>
      release().catch((error: unknown) => log.info({ problem: problemOf(error) }, 'the Lease was not given up')),
  };
}

/** The replacement has the resourceVersion of what was read, so that only one of two that claim it gets it. */
async function claimedBy(
  identity: string,
  lease: V1Lease | undefined,
  metadata: { readonly namespace: string; readonly name: string },
  { durationMs }: LeaseTiming,
): Promise<V1Lease> {
  const { V1MicroTime } = await import('@kubernetes/client-node');
  const now = new V1MicroTime();
  const spec = lease?.spec ?? {};
  const isMine = spec.holderIdentity === identity;
  return {
    metadata: lease?.metadata ?? metadata,
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      renewTime: now,
      acquireTime: isMine ? (spec.acquireTime ?? now) : now,
      leaseTransitions: (spec.leaseTransitions ?? 0) + (isMine ? 0 : 1),
    },
  };
}
