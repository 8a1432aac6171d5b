import { expect, test } from 'vitest';
import { openIgnoredSamples, openUsageLog } from '../../../src/audit/usage/index.ts';

/** The usage after readings of cores at these seconds. */
function logged(...readings: readonly (readonly [at: number, cpu: number])[]) {
  const log = openUsageLog(openIgnoredSamples());
  for (const [at, cpu] of readings)
    log.add({ namespace: 'shop', pod: 'web', container: 'app', cpu, memory: undefined, at, window: 15 });
  const [usage] = log.usageIn('shop', { cpu: 50, memory: 100 });
  return { cpu: usage?.cpu?.toFixed(1), since: usage?.since, seconds: usage?.seconds };
}

test('the time begins with the first window', () => {
  expect(logged([100, 1], [115, 1])).toEqual({ cpu: '1.0', since: 85, seconds: 30 });
});

test('a reading that comes again counts once', () => {
  expect(logged([100, 1], [115, 3], [115, 3], [115, 3], [130, 1])).toEqual({ cpu: '1.0', since: 85, seconds: 45 });
});

test('a long gap does not count as watched', () => {
  expect(logged([100, 1], [10_000, 1])).toEqual({ cpu: '1.0', since: 85, seconds: 135 });
});

test('each namespace has its own usage', () => {
  const log = openUsageLog(openIgnoredSamples());
  log.add({ namespace: 'shop', pod: 'web', container: 'app', cpu: 1, memory: 1, at: 15, window: 15 });
  expect(log.usageIn('other', { cpu: 50, memory: 100 })).toEqual([]);
});
