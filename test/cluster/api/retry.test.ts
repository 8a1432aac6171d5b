import { expect, onTestFinished, test, vi } from 'vitest';
import { ApiError } from '../../../src/cluster/api/api-error.ts';
import { onceAMinute, openRetries, pauseAfter } from '../../../src/cluster/api/retry.ts';

const backoff = { firstMs: 1_000, longestMs: 30_000 };
const pausesOf = (failures: number, retryAfterMs?: number): number[] =>
  Array.from({ length: 1000 }, () => pauseAfter(failures, new ApiError('busy', { retryAfterMs }), backoff));

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

test('retries never come earlier than the API server asks, nor all at once', () => {
  const pauses = pausesOf(1, 7_000);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(7_000);
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(400);
});

test('a success starts the pauses from the first again', () => {
  const retries = openRetries(backoff);
  const error = new Error('away');
  for (let times = 0; times < 10; times += 1) retries.after(error);
  expect(retries.after(error)).toBeGreaterThan(backoff.firstMs);
  retries.reset();
  expect(retries.after(error)).toBeLessThanOrEqual(backoff.firstMs);
});

test('the same reason is reported once a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const complain = onceAMinute();
  const reported: string[] = [];
  const complainOf = (...reasons: string[]): void => {
    for (const reason of reasons) complain(reason, () => reported.push(reason));
  };
  complainOf('a', 'a', 'b');
  vi.advanceTimersByTime(59_999);
  complainOf('a', 'b');
  vi.advanceTimersByTime(1);
  complainOf('a', 'a');
  expect(reported).toEqual(['a', 'b', 'a']);
});
