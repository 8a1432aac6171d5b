import { expect, test } from 'vitest';
import { quoted } from '../../src/engine/quoted.ts';

test('a value stays on one line and within its quotes', () => {
  expect(quoted('a\nb\t"c" \u202E\u2028d\u0000')).toBe(`"a b 'c' d "`);
});

test('a long value is cut between characters', () => {
  expect(quoted('x'.repeat(63))).toBe(`"${'x'.repeat(63)}"`);
  expect(quoted('😀'.repeat(64))).toBe(`"${'😀'.repeat(62)}…"`);
  expect(quoted('abcdef', 4)).toBe('"abc…"');
});
