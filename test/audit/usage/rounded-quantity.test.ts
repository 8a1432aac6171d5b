import { expect, test } from 'vitest';
import { cpuQuantity, memoryQuantity } from '../../../src/audit/usage/rounded-quantity.ts';

test.each([
  [0, '10m'],
  [0.0101, '15m'],
  [0.1 * 1.2, '120m'],
  [0.121, '130m'],
  [0.9999, '1'],
  [1.01, '1100m'],
  [2, '2'],
])('%d cores are %s', (cores, expected) => {
  expect(cpuQuantity(cores)).toBe(expected);
});

test.each([
  [0, '16Mi'],
  [100 * 1.2, '120Mi'],
  [127.2, '128Mi'],
  [129, '136Mi'],
  [1023, '1Gi'],
  [1025, '1088Mi'],
  [2048, '2Gi'],
])('%d MiB are %s', (mebibytes, expected) => {
  expect(memoryQuantity(mebibytes * 2 ** 20)).toBe(expected);
});
