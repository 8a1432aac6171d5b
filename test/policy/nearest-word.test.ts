import { expect, it } from 'vitest';
import { nearestWord } from '../../src/policy/nearest-word.ts';

const words = ['seconds', 'sidecars', 'exec', 'maxGracePeriod', 'fix'];

it.each([
  ['secnds', 'seconds'],
  ['secodns', 'seconds'],
  ['Seconds', 'seconds'],
  ['second', 'seconds'],
  ['exce', 'exec'],
  ['maxgraceperiod', 'maxGracePeriod'],
  ['fx', 'fix'],
  ['', undefined],
  ['f', undefined],
  ['replicas', undefined],
  ['executable', undefined],
])('%j is meant as %j', (word, meant) => {
  expect(nearestWord(word, words)).toBe(meant);
});

it('prefers the nearer word', () => {
  expect(nearestWord('require-cpu-requests', ['require-cpu-limit', 'require-cpu-request', 'require-gpu-request'])).toBe(
    'require-cpu-request',
  );
});

it('prefers the first of words that are equally near', () => {
  expect(nearestWord('cat', ['bat', 'car'])).toBe('bat');
});
