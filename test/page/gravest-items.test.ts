import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openGravest } from '../../src/page/gravest-items.ts';

const ranks = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 1_000 });

test('the items of the lowest rank are kept, the first of those that are equal, in their order', () => {
  fc.assert(
    fc.property(ranks, fc.integer({ min: 1, max: 50 }), (all, most) => {
      const gravest = openGravest<number>(most);
      all.forEach((rank, nth) => gravest.add(rank, () => nth));
      const best = all.map((rank, nth) => ({ rank, nth })).toSorted((a, b) => a.rank - b.rank || a.nth - b.nth);
      expect(gravest.items()).toEqual(
        best
          .slice(0, most)
          .map(({ nth }) => nth)
          .toSorted((a, b) => a - b),
      );
    }),
  );
});

test('hardly any item is made that is not kept', () => {
  const gravest = openGravest<number>(100);
  let made = 0;
  for (let nth = 0; nth < 100_000; nth++) gravest.add(1, () => ++made);
  expect([gravest.items().length, made]).toEqual([100, 356]);
});
