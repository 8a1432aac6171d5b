import type { Agent } from 'node:https';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/server/http/limits.ts';
import { agentAt, crowdAt, many, type Stranger } from './crowd.ts';
import { goodPod, reviewText, startApp, until } from './support.ts';
import { waitingWorld } from './waiting-world.ts';

const apiServer = '127.0.0.1';
const review = reviewText(goodPod);
const closed = (strangers: readonly Stranger[]): boolean[] => strangers.map(({ isClosed }) => isClosed);

/** A twentieth of what they are, so that a twentieth of the crowd that test/apiserver sends is enough. */
const limits = {
  unprovenConnections: Math.round(defaultLimits.unprovenConnections / 20),
  unprovenPerAddress: Math.round(defaultLimits.unprovenPerAddress / 20),
  provenConnections: Math.round(defaultLimits.provenConnections / 20),
};

test.each([
  ['at other addresses', '127.0.0.2'],
  ['at the address of the API server', apiServer],
])('a crowd %s does not block calls', async (_where, address) => {
  const server = await startApp({ limits });
  const { client, ca } = server;
  const kept = agentAt(apiServer, ca, true);
  const pooled = () => Promise.all(Array.from({ length: 10 }, () => client.post('/validate', review, {}, kept)));
  await pooled();

  const crowd = crowdAt(address, server);
  await many(100, crowd.silent);
  await many(75, crowd.squatter);
  await many(55, crowd.halfBody);
  const statuses: number[] = [];
  for (let call = 0; call < 25; call++) {
    await many(3, crowd.silent);
    statuses.push((await client.post('/validate', review, {}, agentAt(apiServer, ca, false))).status);
  }
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect((await pooled()).map(({ status, isReused }) => ({ status, isReused }))).toEqual(
    Array.from({ length: 10 }, () => ({ status: 200, isReused: true })),
  );
});

describe('a connection that has had no review answered', () => {
  const limits = { unprovenConnections: 4, unprovenPerAddress: 3 };

  test('gives way at its own address, the oldest first', async () => {
    const server = await startApp({ limits });
    const { silent } = crowdAt('127.0.0.2', server);
    const strangers: Stranger[] = [];
    for (let count = 0; count < 5; count++) strangers.push(await silent());
    await until(() => closed(strangers).filter(Boolean).length === 2);
    expect(closed(strangers)).toEqual([true, true, false, false, false]);
    expect(await server.valueOf('admission_shed_total{reason="unproven"}')).toBe(2);
  });

  test('gives way where the most are when there are too many in all', async () => {
    const server = await startApp({ limits });
    const one = await crowdAt('127.0.0.2', server).silent();
    const several: Stranger[] = [];
    for (let count = 0; count < 3; count++) several.push(await crowdAt('127.0.0.3', server).silent());
    const newcomer = await crowdAt('127.0.0.4', server).silent();
    await until(() => closed(several)[0] === true);
    expect(closed([one, ...several, newcomer])).toEqual([false, true, false, false, false]);
  });

  test('stays such by requests that are no reviews', async () => {
    const server = await startApp({ limits: { unprovenConnections: 1 } });
    const agent = agentAt(apiServer, server.ca, true);
    expect((await server.client.post('/validate', '{}', {}, agent)).status).toBe(400);
    await crowdAt('127.0.0.2', server).silent();
    await until(() => Object.keys(agent.freeSockets).length === 0);
    expect(await server.valueOf('admission_shed_total{reason="unproven"}')).toBe(1);
  });

  test('is not cut off while its review is evaluated', async () => {
    const { world, evaluating, namespace } = waitingWorld();
    const server = await startApp({ limits: { unprovenPerAddress: 1 }, world });
    const answer = server.client.post('/validate', review, {}, agentAt(apiServer, server.ca, false));
    await evaluating;
    await many(5, crowdAt(apiServer, server).silent);
    await until(async () => (await server.valueOf('admission_shed_total{reason="unproven"}')) === 5);
    namespace.arrive();
    expect((await answer).status).toBe(200);
  });
});

describe('when there are too many that have had a review answered', () => {
  const limits = { provenConnections: 3 };

  test('the one that has idled longest gives way to callers from elsewhere', async () => {
    const server = await startApp({ limits });
    const { squatter } = crowdAt('127.0.0.2', server);
    const squatters = [await squatter(), await squatter(), await squatter()];
    const agent = agentAt(apiServer, server.ca, true);
    expect((await server.client.post('/validate', review, {}, agent)).headers.connection).toBe('keep-alive');
    await until(() => closed(squatters)[0] === true);
    expect(closed(squatters)).toEqual([true, false, false]);
    expect(await server.valueOf('admission_shed_total{reason="idle"}')).toBe(1);
    expect((await server.client.post('/validate', review, {}, agent)).isReused).toBe(true);
  });

  test('one that is used again has not idled longest', async () => {
    const { client, ca } = await startApp({ limits });
    const [first, second, third] = [1, 2, 3].map(() => agentAt('127.0.0.2', ca, true)) as [Agent, Agent, Agent];
    for (const agent of [first, second, third, first]) await client.post('/validate', review, {}, agent);
    await client.post('/validate', review, {}, agentAt(apiServer, ca, true));
    const kept = (): number[] => [first, second, third].map(({ freeSockets }) => Object.keys(freeSockets).length);
    await until(() => kept().includes(0));
    expect(kept()).toEqual([1, 0, 1]);
  });

  test('callers from the same address are answered and told to close', async () => {
    const server = await startApp({ limits });
    const squatters = await Promise.all([1, 2, 3].map(() => crowdAt(apiServer, server).squatter()));
    const { status, headers } = await server.client.post('/validate', review, {}, agentAt(apiServer, server.ca, true));
    expect([status, headers.connection]).toEqual([200, 'close']);
    expect(closed(squatters)).toEqual([false, false, false]);
    expect(await server.valueOf('admission_shed_total{reason="idle"}')).toBe(0);
  });
});
