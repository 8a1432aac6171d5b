import type { Logger } from 'pino';
import {
  type ApiClient,
  type Clock,
  isConflict,
  onceAMinute,
  repeat,
  systemClock,
  unlessRefused,
} from './api/index.ts';

/** The times of an election, in milliseconds. */
export interface LeaseTiming {
  /** How long other replicas wait for an unresponsive leader. */
  readonly durationMs: number;
  readonly renewMs: number;
  /** How often other replicas check the Lease, and how soon the leader retries. */
  readonly retryMs: number;
}

const defaultLeaseTiming: LeaseTiming = { durationMs: 15_000, renewMs: 5_000, retryMs: 2_000 };
const answer = { timeoutMs: 5_000 };

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

interface ElectionOptions {
  readonly client: Pick<ApiClient, 'get' | 'send'>;
  readonly namespace: string;
  readonly name: string;
  /** Unique among all replicas, and across restarts of this one. */
  readonly identity: string;
  readonly timing?: Partial<LeaseTiming> | undefined;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** The fields of a `coordination.k8s.io/v1` Lease that are read; times are text, as on the wire. */
interface Lease {
  readonly metadata: object;
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
    readonly acquireTime?: string;
    readonly leaseTransitions?: number;
  };
}

/**
 * Takes part in a leader election by Lease, like client-go's leaderelection: the leader renews the Lease, and a replica
 * that sees no renewal for the Lease's duration takes over. It measures that on its own monotonic clock, because the
 * times in the Lease come from other machines and are not trusted.
 */
export function runElection(options: ElectionOptions): Election {
  const { client, namespace, name, identity, log, clock = systemClock } = options;
  const timing = { ...defaultLeaseTiming, ...options.timing };
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const path = `${collection}/${name}`;
  const absent = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } };
  const closing = new AbortController();
  const complain = onceAMinute();
  const listeners: (() => void)[] = [];
  let leaderUntil = Number.NEGATIVE_INFINITY;
  let seen = { record: '', at: 0 };
  let held: Lease | undefined;
  let leader: string | undefined;
  const isLeader = (): boolean => clock.now() < leaderUntil;

  function isFree({ spec = {} }: Lease): boolean {
    const { holderIdentity = '', leaseDurationSeconds = timing.durationMs / 1000, renewTime = '' } = spec;
    const record = `${holderIdentity} ${renewTime}`;
    if (record !== seen.record) seen = { record, at: clock.now() };
    if (holderIdentity === '' || holderIdentity === identity) return true;
    return clock.now() - seen.at > leaseDurationSeconds * 1000;
  }

  async function claim(): Promise<boolean> {
    const lease = (await unlessRefused([404], client.get(path, {}, answer))) as Lease | undefined;
    leader = lease?.spec?.holderIdentity || undefined;
    if (lease !== undefined && !isFree(lease)) return false;
    // Other replicas count from when they see the renewal, which is later than this.
    const startedAt = clock.now();
    const claimed = claimedBy(identity, lease ?? absent, timing, clock.date());
    held = (await (lease === undefined
      ? client.send('POST', collection, claimed, answer)
      : client.send('PUT', path, claimed, answer))) as Lease;
    leader = identity;
    const isNew = !isLeader();
    leaderUntil = startedAt + (timing.durationMs * 2) / 3;
    if (isNew) {
      log.info({ lease: name, identity }, 'this replica is now the leader');
      for (const listener of listeners) listener();
    }
    return true;
  }

  async function round(): Promise<number> {
    const jitter = 0.9 + Math.random() * 0.2;
    try {
      if (await claim()) return timing.renewMs * jitter;
      leaderUntil = Number.NEGATIVE_INFINITY;
    } catch (error) {
      const { message: problem } = error as Error;
      if (!isConflict(error) && !closing.signal.aborted)
        complain(problem, () =>
          log.warn(
            { lease: name, problem },
            'cannot renew the Lease; without a leader, certificates are not renewed and the cluster is not scanned',
          ),
        );
    }
    return timing.retryMs * jitter;
  }
  const ended = repeat(round, closing.signal, clock);

  async function release(): Promise<void> {
    closing.abort();
    await ended;
    if (!isLeader() || held === undefined) return;
    leaderUntil = Number.NEGATIVE_INFINITY;
    const released = { ...held, spec: { ...held.spec, holderIdentity: '', leaseDurationSeconds: 1 } };
    await client.send('PUT', path, released, answer);
  }
  return {
    get isLeader() {
      return isLeader();
    },
    get leader() {
      return leader;
    },
    onGain(listener) {
      listeners.push(listener);
      if (isLeader()) listener();
    },
    close: () =>
      release().catch((error: unknown) =>
        log.info({ problem: (error as Error).message }, 'could not release the Lease'),
      ),
  };
}

/** Includes the resourceVersion of the Lease that was read, so that only one of two claims succeeds. */
function claimedBy(identity: string, lease: Lease, { durationMs }: LeaseTiming, date: number): Lease {
  const now = microTime(date);
  const { holderIdentity, acquireTime = now, leaseTransitions = 0 } = lease.spec ?? {};
  const isMine = holderIdentity === identity;
  return {
    ...lease,
    spec: {
      ...lease.spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      renewTime: now,
      acquireTime: isMine ? acquireTime : now,
      leaseTransitions: leaseTransitions + (isMine ? 0 : 1),
    },
  };
}

/** `metav1.MicroTime`, which must have exactly six decimals. */
const microTime = (date: number): string => new Date(date).toISOString().replace('Z', '000Z');
