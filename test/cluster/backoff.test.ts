import { expect, test } from 'vitest';
import { pauseAfter } from '../../src/cluster/backoff.ts';

const backoff = { firstMs: 1_000, longestMs: 30_000 };
const pausesOf = (failures: number, retryAfterMs?: number): number[] =>
  Array.from({ length: 1000 }, () => pauseAfter(failures, retryAfterMs, backoff));

test('pauses grow up to a limit, and spread', () => {
  const bounds = [1, 2, 3, 5, 6, 60].map((failures) => {
    const pauses = pausesOf(failures);
    return [Math.round(Math.min(...pauses) / 100), Math.round(Math.max(...pauses) / 100)];
  });
  const whole = [10, 20, 40, 160, 300, 300];
  for (const [index, [least = 0, most = 0]] of bounds.entries()) {
    const longest = whole[index] ?? 0;
    expect(least).toBeGreaterThanOrEqual(longest / 2);
    expect(least).toBeLessThan(longest * 0.55);
    expect(most).toBeGreaterThan(longest * 0.95);
    expect(most).toBeLessThanOrEqual(longest);
  }
});

test('the API server is never asked before it wants to be, nor by all at once', () => {
  const pauses = pausesOf(1, 7_000);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(7_000);
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(400);
});
