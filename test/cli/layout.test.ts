import { expect, test } from 'vitest';
import { counted, hang, printable, table, wrap } from '../../src/cli/output/layout.ts';

test('words are wrapped, and one that is too long stands alone', () => {
  expect(wrap('one two  three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a very-long-word b', 5)).toEqual(['a', 'very-long-word', 'b']);
  expect(wrap('', 5)).toEqual(['']);
});

test('a hanging text keeps within the columns and below its beginning', () => {
  const lines = hang('> ', 'word '.repeat(40).trim(), 100);
  expect(lines).toHaveLength(3);
  expect(lines.every((line) => line.length <= 100)).toBe(true);
  expect(lines.map((line) => line.slice(0, 4))).toEqual(['> wo', '  wo', '  wo']);
});

test('columns are aligned', () => {
  expect(
    table([
      ['a', 'bbb', 'c'],
      ['aa', 'b', 'c'],
    ]),
  ).toEqual(['a   bbb  c', 'aa  b    c']);
});

test('numbers and control characters', () => {
  expect([counted(0, 'subject'), counted(1, 'subject'), counted(2, 'subject')]).toEqual([
    '0 subjects',
    '1 subject',
    '2 subjects',
  ]);
  expect(printable('a\u001b[31m\nb')).toBe('a [31m b');
});
