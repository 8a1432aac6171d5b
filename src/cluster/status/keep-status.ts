import type { Logger } from 'pino';
import type { DayCounts } from '../../status/day-counts.ts';
import type { PendingCounts } from '../../status/pending-counts.ts';
import type { Status } from '../../status/status.ts';
import { minuteMs } from '../../time-units.ts';
import { type ApiClient, type Clock, onceAMinute, openRetries, statusOf, systemClock } from '../api/index.ts';
import type { Election } from '../lease.ts';
import { openRounds, type Pause } from '../rounds.ts';
import { addCounts } from './counts-config-map.ts';
import { readStatus, type StatusNames, writeStatus } from './status-config-map.ts';

export interface StatusKeeperOptions {
  readonly client: ApiClient;
  readonly names: StatusNames;
  readonly election: Pick<Election, 'isLeader' | 'onGain'>;
  readonly counts: PendingCounts;
  /** The current state, given the requests to all replicas and the status written before; undefined while unknown. */
  readonly observe: (counts: DayCounts, previous: Status | undefined) => Promise<Status | undefined>;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** Adds the counts of this replica to those in the cluster, and writes the status while this replica is the leader. */
export interface StatusKeeper {
  /** Adds the last counts. */
  close(): Promise<void>;
}

/** Between two writes. */
export const everyMs = minuteMs;
/** The same after a status with a problem, which may be solved by now. */
export const troubledMs = 10_000;
/** A status that does not change is written again after this time, so that its age shows whether there is a leader. */
export const refreshMs = 4 * everyMs;
/** Until a new leader writes, because the server has just started and leadership may change again soon. */
export const firstMs = 10_000;
const backoff = { firstMs: 5_000, longestMs: everyMs };

export function keepStatus(options: StatusKeeperOptions): StatusKeeper {
  const { client, names, election, observe, log, clock = systemClock } = options;
  const retries = openRetries(backoff);
  const complain = onceAMinute();
  let last: Status | undefined;
  let isLeading = false;
  let leadingSince = Number.NEGATIVE_INFINITY;
  let lastWriteAt = Number.NEGATIVE_INFINITY;
  let paceMs = everyMs;

  async function write(shared: DayCounts): Promise<void> {
    last ??= (await readStatus(client, names)).status;
    const status = await observe(shared, last);
    if (status === undefined) return;
    paceMs = isTroubled(status) ? troubledMs : everyMs;
    // By the own clock, because another leader's may be wrong.
    if (clock.now() - lastWriteAt < refreshMs && isSame(status, last)) return;
    await writeStatus(client, names, status);
    last = status;
    lastWriteAt = clock.now();
  }

  async function round(): Promise<Pause> {
    const { isLeader } = election;
    if (isLeader && !isLeading) {
      last = undefined;
      paceMs = everyMs;
      leadingSince = clock.now();
    }
    isLeading = isLeader;
    // Rounds may also be woken in between.
    const early = Math.max(isLeader ? leadingSince + firstMs : 0, lastWriteAt + paceMs) - clock.now();
    if (early > 0) return { ms: early };
    try {
      const shared = await shareCounts(options, isLeader, clock.date());
      if (isLeader && shared !== undefined) await write(shared);
      retries.reset();
      return { ms: isLeader ? paceMs : everyMs };
    } catch (error) {
      const { message: problem } = error as Error;
      const advice = statusOf(error) === 403 ? '; grant the permissions of the chart, or turn the status off' : '';
      complain(problem, () => log.warn({ ...names, problem }, `cannot write the status${advice}; retrying`));
      return { ms: retries.after(error) };
    }
  }

  const rounds = openRounds(round, clock);
  election.onGain(rounds.wake);
  return {
    async close() {
      await rounds.close();
      await shareCounts(options, false, clock.date()).catch((error: unknown) =>
        log.info({ problem: (error as Error).message }, 'could not add the last counts to the status'),
      );
    },
  };
}

/** The counts of all replicas, including those of this one so far; undefined if they are not needed. */
async function shareCounts(
  { client, names, counts }: StatusKeeperOptions,
  isNeeded: boolean,
  date: number,
): Promise<DayCounts | undefined> {
  const own = counts.take();
  if (own.size === 0 && !isNeeded) return undefined;
  try {
    return await addCounts(client, names, own, date);
  } catch (error) {
    counts.putBack(own);
    throw error;
  }
}

const isTroubled = ({ policy, certificate }: Status): boolean =>
  policy.problems.length + certificate.problems.length > 0;

const isSame = (a: Status, b: Status | undefined): boolean =>
  JSON.stringify({ ...a, written: '' }) === JSON.stringify({ ...b, written: '' });
