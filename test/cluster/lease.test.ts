import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../src/cluster/api/api-client.ts';
import { type Election, runElection } from '../../src/cluster/lease.ts';
import { keptLog } from '../server/support.ts';
import { type FakeTime, type MachineOptions, startTime } from './support/fake-clock.ts';
import { openStore, type StoreCall, type Way } from './support/fake-store.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/ns/leases/podwright';
const second = 1_000;
/** Those that are used when no others are given: 15 s, renewed every 5 s, looked at every 2 s. */
const durationMs = 15 * second;
const longestRetryMs = 2 * second * 1.1;

interface StoredLease {
  readonly metadata: object;
  readonly spec: { readonly [field: string]: unknown; readonly renewTime: string };
}

/** Replicas that share a store, each on a machine of its own. */
function start() {
  const time = startTime();
  const store = openStore();
  const replicas: Election[] = [];
  onTestFinished(async () => {
    for (const replica of replicas) void replica.close();
    await time.advance(0);
  });
  function join(identity: string, options: MachineOptions & Way = {}) {
    const clock = time.machine(options);
    const { log, lines } = keptLog('info');
    const link = { isCut: false };
    const way: Way = {
      async there(call) {
        if (link.isCut) throw new ApiError('the API server cannot be reached');
        await options.there?.(call);
        await clock.running();
      },
      async back(call) {
        await options.back?.(call);
        await clock.running();
      },
    };
    const election = runElection({
      client: store.client(way),
      namespace: 'ns',
      name: 'podwright',
      identity,
      log,
      clock,
    });
    replicas.push(election);
    return { election, clock, link, lines };
  }
  const spec = () => store.get<StoredLease>(path)?.spec;
  const leaders = () => replicas.filter(({ isLeader }) => isLeader).length;
  return { time, store, join, spec, leaders };
}

/** How long until it is so, looking every tenth of a second. */
async function timeUntil(time: FakeTime, isSo: () => boolean): Promise<number> {
  const from = time.elapsed;
  while (!isSo()) {
    if (time.elapsed - from > 600 * second) throw new Error('it did not come to be within 10 minutes');
    await time.advance(100);
  }
  return time.elapsed - from;
}

test('the first replica leads, and renews every five seconds', async () => {
  const { time, store, join, spec } = start();
  const { election, clock, lines } = join('a');
  expect(election.isLeader).toBe(false);
  await time.advance(0);
  expect(election.isLeader).toBe(true);
  const acquireTime = new Date(clock.date()).toISOString().replace('Z', '000Z');
  const first = { holderIdentity: 'a', leaseDurationSeconds: 15, acquireTime, leaseTransitions: 1 };
  expect(store.get(path)).toEqual({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace: 'ns', name: 'podwright', resourceVersion: '101' },
    spec: { ...first, renewTime: acquireTime },
  });
  await time.advance(60 * second);
  expect(election.isLeader).toBe(true);
  const { renewTime, ...others } = spec() ?? { renewTime: '' };
  expect(others).toEqual(first);
  expect(clock.date() - Date.parse(renewTime)).toBeLessThan(5.5 * second);
  const [, ...renewals] = store.writes();
  expect(new Set(renewals)).toEqual(new Set(['PUT podwright']));
  expect(renewals.length).toBeGreaterThanOrEqual(10);
  expect(renewals.length).toBeLessThanOrEqual(13);
  expect(lines.map(({ msg }) => msg)).toEqual(['this replica is now the leader']);
});

test('of two that claim the Lease at once one gets it, and the other does not complain', async () => {
  const { time, store, join, spec, leaders } = start();
  store.put(path, { metadata: {}, spec: {} });
  const [a, b] = [join('a'), join('b')];
  await time.advance(60 * second);
  expect(store.calls.slice(0, 4).map(({ method }) => method)).toEqual(['GET', 'GET', 'PUT', 'PUT']);
  expect([leaders(), spec()?.['leaseTransitions']]).toEqual([1, 1]);
  expect([...a.lines, ...b.lines].map(({ msg }) => msg)).toEqual(['this replica is now the leader']);
});

test('a leader that is cut off stops a third of the duration before another replica may lead', async () => {
  const { time, store, join, spec } = start();
  const a = join('a');
  await time.advance(0);
  const b = join('b');
  await time.advance(30 * second);
  const renewals = store.writes().length;
  await timeUntil(time, () => store.writes().length > renewals);
  const renewedAt = Date.parse(spec()?.renewTime ?? '');
  a.link.isCut = true;
  await timeUntil(time, () => !a.election.isLeader);
  const lostAt = a.clock.date();
  expect(b.election.isLeader).toBe(false);
  await timeUntil(time, () => b.election.isLeader);
  const gainedAt = b.clock.date();
  expect(lostAt - renewedAt).toBeGreaterThan((durationMs * 2) / 3 - 200);
  expect(lostAt - renewedAt).toBeLessThanOrEqual((durationMs * 2) / 3 + 100);
  expect(gainedAt - renewedAt).toBeGreaterThan(durationMs);
  expect(gainedAt - renewedAt).toBeLessThan(durationMs + 2 * longestRetryMs);
  expect(gainedAt - lostAt).toBeGreaterThan(durationMs / 3 - 200);
  expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 2 });
  a.link.isCut = false;
  await time.advance(60 * second);
  expect([a.election.isLeader, b.election.isLeader]).toEqual([false, true]);
});

test('a renewal counts from when it was sent, however late its answer comes', async () => {
  const { time, join } = start();
  const a = join('a', { back: ({ method }: StoreCall) => (method === 'GET' ? undefined : clock.pause(11 * second)) });
  const { clock } = a;
  await time.advance(10.9 * second);
  expect(a.election.isLeader).toBe(false);
  await time.advance(second);
  expect(a.lines.length).toBe(1);
  expect(a.election.isLeader).toBe(false);
});

test('a leader that stalls has lost the lease when it resumes, and its pending write is rejected', async () => {
  const { time, store, join, spec } = start();
  const a = join('a', {
    there({ method }) {
      if (method === 'PUT') a.clock.stall();
    },
  });
  await time.advance(0);
  const b = join('b');
  // It goes on in the middle of its first renewal.
  await time.advance(40 * second);
  expect([a.election.isLeader, b.election.isLeader]).toEqual([false, true]);
  const { renewTime: _, ...before } = spec() ?? { renewTime: '' };
  a.clock.resume();
  await time.advance(0);
  expect(a.election.isLeader).toBe(false);
  await time.advance(60 * second);
  const { renewTime: __, ...after } = spec() ?? { renewTime: '' };
  expect(after).toEqual(before);
  expect(store.calls.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(5);
  expect(a.lines.map(({ msg }) => msg)).toEqual(['this replica is now the leader']);
});

test.each([
  ['a day behind', -24 * 3600 * second],
  ['a day ahead', 24 * 3600 * second],
])('a leader whose date is %s keeps the Lease while it renews, and loses it when it does not', async (_, skewMs) => {
  const { time, join } = start();
  const a = join('a', { skewMs });
  await time.advance(0);
  const b = join('b');
  await time.advance(120 * second);
  expect([a.election.isLeader, b.election.isLeader]).toEqual([true, false]);
  a.link.isCut = true;
  const takenAfter = await timeUntil(time, () => b.election.isLeader);
  expect(takenAfter).toBeGreaterThan(durationMs - 5.5 * second);
  expect(takenAfter).toBeLessThan(durationMs + 2 * longestRetryMs);
});

test('a replica that starts late waits for the whole duration of a Lease that is not renewed', async () => {
  const { time, store, join } = start();
  store.put(path, {
    metadata: {},
    spec: { holderIdentity: 'gone', leaseDurationSeconds: 40, renewTime: '2020-01-01T00:00:00.000000Z' },
  });
  const { election } = join('a');
  const takenAfter = await timeUntil(time, () => election.isLeader);
  expect(takenAfter).toBeGreaterThan(40 * second);
  expect(takenAfter).toBeLessThan(40 * second + 2 * longestRetryMs);
});

test('a leader that closes gives the Lease up, and another replica takes it at its next look', async () => {
  const { time, join, spec } = start();
  const a = join('a');
  await time.advance(0);
  const b = join('b');
  await time.advance(10 * second);
  const closed = a.election.close();
  await time.advance(0);
  await closed;
  expect([a.election.isLeader, spec()?.['holderIdentity']]).toEqual([false, '']);
  expect(await timeUntil(time, () => b.election.isLeader)).toBeLessThanOrEqual(longestRetryMs + 100);
});

test('a Lease that is handed to another replica is lost at the next check', async () => {
  const { time, store, join, spec } = start();
  const { election } = join('a');
  await time.advance(12 * second);
  const renewals = store.writes().length;
  await timeUntil(time, () => store.writes().length > renewals);
  store.put(path, { metadata: {}, spec: { ...spec(), holderIdentity: 'b' } });
  await time.advance(5.5 * second);
  expect(election.isLeader).toBe(false);
});

test('a replica that has lost the Lease closes without writing', async () => {
  const { time, store, join } = start();
  const a = join('a');
  await time.advance(0);
  const b = join('b');
  a.link.isCut = true;
  await timeUntil(time, () => b.election.isLeader);
  a.link.isCut = false;
  const writes = store.writes().length;
  const closed = a.election.close();
  await time.advance(0);
  await closed;
  expect(store.writes().length).toBe(writes);
});

test('every replica knows the leader', async () => {
  const { time, join } = start();
  const [a, b] = [join('a'), join('b')];
  await time.advance(longestRetryMs);
  const leader = a.election.isLeader ? 'a' : 'b';
  expect([a.election.leader, b.election.leader]).toEqual([leader, leader]);
  const [held, other] = a.election.isLeader ? [a, b] : [b, a];
  const closed = held.election.close();
  await time.advance(0);
  await closed;
  await time.advance(longestRetryMs);
  expect(other.election.leader).toBe(leader === 'a' ? 'b' : 'a');
});

test('a replica that does not lead closes without a word', async () => {
  const { time, store, join } = start();
  join('a');
  await time.advance(0);
  const b = join('b');
  await time.advance(0);
  const writes = store.writes().length;
  const closed = b.election.close();
  await time.advance(0);
  await closed;
  await time.advance(3 * second);
  expect(store.writes().length).toBe(writes);
  expect(b.lines).toEqual([]);
});

test('a deleted Lease is recreated', async () => {
  const { time, store, join, spec, leaders } = start();
  join('a');
  join('b');
  await time.advance(20 * second);
  store.remove(path);
  await time.advance(20 * second);
  expect([leaders(), spec()?.['leaseDurationSeconds']]).toEqual([1, 15]);
});

test('a forbidden Lease is reported once a minute', async () => {
  const { time, join } = start();
  const forbidden = 'leases.coordination.k8s.io "podwright" is forbidden';
  const { election, lines } = join('a', {
    there() {
      throw new ApiError(forbidden, { status: 403 });
    },
  });
  await time.advance(30 * second);
  expect(election.isLeader).toBe(false);
  expect(lines.map(({ level, problem, msg }) => [level, problem, msg])).toEqual([
    [
      'warn',
      forbidden,
      'cannot renew the Lease; without a leader, certificates are not renewed and the cluster is not scanned',
    ],
  ]);
});

test('listeners are told of every time that leadership is gained', async () => {
  const { time, join } = start();
  const a = join('a');
  let gains = 0;
  a.election.onGain(() => void (gains += 1));
  expect(gains).toBe(0);
  await time.advance(30 * second);
  expect(gains).toBe(1);
  a.election.onGain(() => void (gains += 10));
  expect(gains).toBe(11);
  a.link.isCut = true;
  await timeUntil(time, () => !a.election.isLeader);
  a.link.isCut = false;
  await timeUntil(time, () => a.election.isLeader);
  expect(gains).toBe(22);
});

const trouble = fc.record({
  replica: fc.nat(2),
  kind: fc.constantFrom('cut', 'stall', 'slow'),
  afterMs: fc.nat(20 * second),
  forMs: fc.nat(40 * second),
});

test('there are never two leaders, regardless of stalls, delays, partitions and clock skew', async () => {
  const rates = fc.tuple(fc.double({ min: 0.8, max: 1, noNaN: true }), fc.double({ min: 0.8, max: 1, noNaN: true }));
  await fc.assert(
    fc.asyncProperty(rates, fc.array(trouble, { minLength: 5, maxLength: 12 }), async (someRates, troubles) => {
      const { time, join, leaders } = start();
      const slow = new Set<number>();
      const wait = (at: number) => (slow.has(at) ? time.machine().pause(4 * second) : undefined);
      const members = [...someRates, 1].map((rate, at) =>
        join(`replica ${at}`, { rate, skewMs: at * 3600 * second, there: () => wait(at), back: () => wait(at) }),
      );
      let most = 0;
      const look = () => (most = Math.max(most, leaders()));
      for (const { replica, kind, afterMs, forMs } of troubles) {
        const member = members[replica];
        if (member === undefined) continue;
        await time.advance(afterMs, look);
        if (kind === 'cut') member.link.isCut = true;
        if (kind === 'stall') member.clock.stall();
        if (kind === 'slow') slow.add(replica);
        await time.advance(forMs, look);
        member.link.isCut = false;
        member.clock.resume();
        slow.delete(replica);
      }
      await time.advance(60 * second, look);
      expect([most, leaders()]).toEqual([1, 1]);
      for (const { election } of members) void election.close();
      await time.advance(0);
    }),
    { numRuns: 25 },
  );
});
