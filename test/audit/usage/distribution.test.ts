import { expect, test } from 'vitest';
import { Distribution } from '../../../src/audit/usage/distribution.ts';

const distributionOf = (values: readonly number[]) => {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
};
const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

test.each([1, 50, 90, 95, 99, 99.5, 100])(
  'percentile %d is at most 2 % above the exact one, and never below it',
  (p) => {
    const exact = Math.ceil(p);
    const found = distributionOf(hundred.toReversed()).percentile(p) ?? 0;
    expect(found).toBeGreaterThanOrEqual(exact - 1e-9);
    expect(found).toBeLessThanOrEqual(exact * 1.02);
  },
);

test('the largest value is exact', () => {
  expect(distributionOf([0.3, 0.7, 0.1]).percentile(100)).toBe(0.7);
  expect(distributionOf([0.3, 0.7, 0.1]).largest).toBe(0.7);
});

test('of nothing, nothing is known', () => {
  expect([new Distribution().percentile(95), new Distribution().largest]).toEqual([undefined, undefined]);
});

test('a container that does nothing uses nothing', () => {
  expect(distributionOf([0, 0, 0]).percentile(95)).toBe(0);
});

test('its size depends on the spread of the values and not on their number', () => {
  const steady = distributionOf(Array.from({ length: 10_000 }, (_, index) => 1 + (index % 100) / 1000));
  expect(steady.size).toBe(6);
});
