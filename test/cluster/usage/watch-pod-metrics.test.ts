import { expect, test } from 'vitest';
import { openIgnoredSamples, openUsageLog } from '../../../src/audit/usage/index.ts';
import { ApiError } from '../../../src/cluster/api/index.ts';
import { watchPodMetrics } from '../../../src/cluster/usage/index.ts';
import { startTime } from '../support/fake-clock.ts';
import { openStore } from '../support/fake-store.ts';

const path = '/apis/metrics.k8s.io/v1beta1/pods';
const percentiles = { cpu: 95, memory: 100 };

/** A metrics API with a new value every so many seconds, watched for a minute; `fails` at these seconds. */
async function watched({ every = 15, fails = [] as readonly number[], status = 503 } = {}) {
  const store = openStore();
  const time = startTime();
  const client = store.client({
    there() {
      const now = time.elapsed / 1000;
      if (fails.includes(now)) throw new ApiError('the server is currently unable to handle the request', { status });
      const at = 1_000_000 + Math.floor(now / every) * every;
      const usage = { cpu: `${at % 1000}000000n`, memory: `${1024 * (at % 1000)}Ki` };
      const metrics = {
        metadata: { namespace: 'shop', name: 'web' },
        timestamp: new Date(at * 1000).toISOString(),
        window: '10.5s',
        containers: [{ name: 'app', usage }],
      };
      store.put(path, { metadata: {}, items: [metrics] });
    },
  });
  const log = openUsageLog(openIgnoredSamples());
  const left: number[] = [];
  const clock = time.machine();
  const options = {
    client,
    namespace: undefined,
    clock,
    forSeconds: 60,
    onReading: (seconds: number) => left.push(seconds),
  };
  const watching = watchPodMetrics(log, options).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await time.advance(60_000);
  const problem = await watching;
  const [usage] = log.usageIn('shop', percentiles);
  return { problem, left, usage };
}

test('reads every 15 seconds, and once more at the end', async () => {
  expect(await watched()).toEqual({
    problem: undefined,
    left: [60, 45, 30, 15, 0],
    usage: {
      pod: 'web',
      container: 'app',
      cpu: 0.06,
      memory: 60 * 2 ** 20,
      peakMemory: 60 * 2 ** 20,
      since: 999_989.5,
      seconds: 70.5,
      throttled: undefined,
    },
  });
});

test('the same reading again does not count', async () => {
  const { usage } = await watched({ every: 60 });
  expect(usage).toMatchObject({ cpu: 0.06, seconds: 70.5 });
  expect((await watched({ every: 600 })).usage).toMatchObject({ cpu: 0, seconds: 10.5 });
});

test('a reading that fails midway is skipped', async () => {
  const { problem, left, usage } = await watched({ fails: [15, 60] });
  expect({ problem, left }).toEqual({ problem: undefined, left: [60, 45, 30, 15, 0] });
  expect(usage).toMatchObject({ cpu: 0.045, seconds: 55.5 });
});

test.each([
  ['the first one', { fails: [0] }],
  ['one that is forbidden', { fails: [30], status: 403 }],
])('%s ends the watch', async (_, options) => {
  expect((await watched(options)).problem).toBe('the server is currently unable to handle the request');
});
