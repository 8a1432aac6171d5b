import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedHunks } from '../../../src/cli/output/unified-diff.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

test('changes far apart are hunks of their own, close ones share one', () => {
  const before = text('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l');
  const after = text('A', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'k', 'l', 'm');
  expect(unifiedHunks(before, after)).toEqual([
    '@@ -1,4 +1,4 @@',
    '-a',
    '+A',
    ' b',
    ' c',
    ' d',
    '@@ -7,6 +7,6 @@',
    ' g',
    ' h',
    ' i',
    '-j',
    ' k',
    ' l',
    '+m',
  ]);
});

test('nothing becomes something, and equal texts have no hunk', () => {
  expect(unifiedHunks('', text('a'))).toEqual(['@@ -0,0 +1,1 @@', '+a']);
  expect(unifiedHunks(text('a'), text('a'))).toEqual([]);
});

test('hunks put into the one text make the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((all) => text(...all));
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(applied(before, unifiedHunks(before, after))).toBe(after);
    }),
  );
});

/** As patch does it, without any fuzz: what a hunk says of the text must be there. */
function applied(before: string, hunks: readonly string[]): string {
  const old = before.split('\n').slice(0, -1);
  const made: string[] = [];
  let next = 0;
  for (const line of hunks) {
    const [, start, count] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? [];
    if (start !== undefined) {
      const first = Number(start) - (count === '0' ? 0 : 1);
      made.push(...old.slice(next, first));
      next = first;
    } else {
      const [sign, content] = [line[0], line.slice(1)];
      if (sign !== '+') expect(old[next++]).toBe(content);
      if (sign !== '-') made.push(content);
    }
  }
  return text(...made, ...old.slice(next));
}
