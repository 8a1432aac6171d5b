import { expect, test } from 'vitest';
import { configMapOf, durationOf, namespaceOf, percentileOf, percentOf } from '../../src/cli/option-values.ts';
import { durationText } from '../../src/cli/output/duration-text.ts';

test.each([
  ['7d', 604_800],
  ['1d12h', 129_600],
  ['90s', 90],
  ['0s', 0],
  ['2w', 1_209_600],
])('%s are %d seconds', (text, seconds) => {
  expect(durationOf(text)).toBe(seconds);
});

test.each(['', '7', 'd', '1.5h', '7d ', '-1d', '1day'])('"%s" is no duration', (text) => {
  expect(() => durationOf(text)).toThrow('It must be a duration such as 7d, 1d12h or 90s.');
});

test.each(['-1', '', '20%', '1e3'])('"%s" is no percentage', (text) => {
  expect(() => percentOf(text)).toThrow('It must be a percentage such as 20.');
});

test('names of namespaces and ConfigMaps', () => {
  expect(namespaceOf('shop-2')).toBe('shop-2');
  expect(configMapOf('podwright-status.v1')).toBe('podwright-status.v1');
});

test.each(['', 'Shop', 'shop.example', 'a/b', '-a', 'x'.repeat(64)])('"%s" is no name of a namespace', (text) => {
  expect(() => namespaceOf(text)).toThrow('It must be the name of a namespace.');
});

test.each(['', 'Status', 'a/b', '..', 'x'.repeat(254)])('"%s" is no name of a ConfigMap', (text) => {
  expect(() => configMapOf(text)).toThrow('It must be the name of a ConfigMap.');
});

test.each(['0', '100.1'])('%s is no percentile', (text) => {
  expect(() => percentileOf(text)).toThrow('It must be above 0 and at most 100.');
});

test.each([
  [0, '0s'],
  [59.9, '59s'],
  [3600, '1h'],
  [3659, '1h'],
  [3660, '1h 1m'],
  [90_000, '1d 1h'],
  [86_460, '1d'],
  [864_000, '10d'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
