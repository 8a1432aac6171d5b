import { expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../../src/cluster/api/index.ts';
import { type EventResult, openEventWriter } from '../../../src/cluster/events/index.ts';
import { keptLog } from '../../server/support.ts';
import { startTime } from '../support/fake-clock.ts';
import { openStore, type Way } from '../support/fake-store.ts';

const second = 1_000;
const minute = 60 * second;
const replicaSet = (name = 'web-6d4f') => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { namespace: 'shop', name, uid: `uid of ${name}` },
});
const denied = (message = 'Pod shop/web-* is refused by 1 rule: no-host-path') =>
  ({ type: 'Warning', reason: 'Denied', message }) as const;

/** A writer and the Events that it has created. */
function writing(way: Way = {}) {
  const store = openStore();
  // at the beginning of ten minutes
  const skewMs = 10 * minute - (Date.now() % (10 * minute));
  const time = startTime();
  const { log, lines } = keptLog();
  const results: EventResult[] = [];
  const open = () => {
    const metrics = { wrote: (result: EventResult) => void results.push(result) };
    const writer = openEventWriter({ client: store.client(way), metrics, log, clock: time.machine({ skewMs }) });
    onTestFinished(() => writer.close());
    return writer;
  };
  const count = (result: EventResult) => results.filter((one) => one === result).length;
  return { store, time, lines, open, count, created: () => store.writes().length };
}

test('an Event is on the object, says what and why, and names Podwright', async () => {
  const { store, time, open } = writing();
  open().write(replicaSet(), denied());
  await time.advance(second);
  expect(store.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/namespaces/shop/events']);
  expect(store.calls[0]?.body).toMatchObject({
    kind: 'Event',
    metadata: { namespace: 'shop', name: expect.stringMatching(/^web-6d4f\.[0-9a-f]{16}$/) },
    involvedObject: {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      namespace: 'shop',
      name: 'web-6d4f',
      uid: 'uid of web-6d4f',
    },
    type: 'Warning',
    reason: 'Denied',
    message: 'Pod shop/web-* is refused by 1 rule: no-host-path',
    source: { component: 'podwright' },
  });
});

test('a long name leaves a valid name for the Event', async () => {
  const { store, time, open } = writing();
  open().write(replicaSet(`${'a'.repeat(235)}-${'b'.repeat(17)}`), denied());
  await time.advance(second);
  expect(store.calls[0]?.body).toMatchObject({ metadata: { name: expect.stringMatching(/^a{235}\.[0-9a-f]{16}$/) } });
});

test('the same news is written once in ten minutes, by all replicas together', async () => {
  const { time, open, created } = writing();
  const [first, second_] = [open(), open()];
  for (let index = 0; index < 1_000; index++) {
    first.write(replicaSet(), denied());
    second_.write(replicaSet(), denied());
  }
  await time.advance(minute);
  // The second one finds the Event of the first.
  expect(created()).toBe(2);
  await time.advance(10 * minute);
  first.write(replicaSet(), denied());
  await time.advance(second);
  expect(created()).toBe(3);
});

test('an object gets five Events in ten minutes, and all together 300', async () => {
  const { time, open, created, count } = writing();
  const writer = open();
  for (let index = 0; index < 20; index++) writer.write(replicaSet(), denied(`refused ${index}`));
  await time.advance(5 * minute);
  expect([created(), count('over_limit')]).toEqual([5, 15]);
  for (let index = 0; index < 1_000; index++) writer.write(replicaSet(`web-${index}`), denied());
  await time.advance(4 * minute);
  expect([created(), count('over_limit')]).toEqual([300, 15 + 705]);
});

test('five Events a second at most', async () => {
  const { time, open, created } = writing();
  const writer = open();
  for (let index = 0; index < 100; index++) writer.write(replicaSet(`web-${index}`), denied());
  await time.advance(10 * second);
  expect(created()).toBeLessThanOrEqual(51);
  await time.advance(minute);
  expect(created()).toBe(100);
});

test('while none can be created, it tries less often, logs it once a minute and keeps no more than it may', async () => {
  const forbidden = () => {
    throw new ApiError('events is forbidden', { status: 403 });
  };
  const { time, lines, open, created, count } = writing({ there: forbidden });
  const writer = open();
  for (let minutes = 0; minutes < 60; minutes += 10) {
    for (let index = 0; index < 1_000; index++) writer.write(replicaSet(`web-${index}`), denied());
    await time.advance(10 * minute);
  }
  expect(created()).toBeLessThan(60 * 3);
  expect(count('failed')).toBe(created());
  expect(count('failed') + count('over_limit')).toBeGreaterThanOrEqual(6_000 - 300);
  expect(lines.map(({ msg, problem }) => [msg, problem])).toEqual([['cannot create Events', 'events is forbidden']]);
});

test('nothing is written any more once it is closed', async () => {
  const { time, open, created } = writing();
  const writer = open();
  for (let index = 0; index < 10; index++) writer.write(replicaSet(`web-${index}`), denied());
  await time.advance(0);
  const before = created();
  await writer.close();
  writer.write(replicaSet('late'), denied());
  await time.advance(minute);
  expect([before, created()]).toEqual([1, 1]);
});
