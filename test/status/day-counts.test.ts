import { expect, test } from 'vitest';
import {
  byNamespace,
  type Counts,
  firstSlot,
  merged,
  noCounts,
  ofLastDay,
  slotOf,
} from '../../src/status/day-counts.ts';

const at = (time: string): number => Date.parse(`2026-11-${time}:00Z`);
const counts = (some: Partial<Counts>): Counts => ({ ...noCounts, ...some });

test('a slot has four hours, and the last day as many whole ones as fit into 24 hours, and the current one', () => {
  expect(slotOf(at('29T10:30'))).toBe(at('29T08:00'));
  expect(slotOf(at('29T12:00'))).toBe(at('29T12:00'));
  expect(firstSlot(at('29T10:30'))).toBe(at('28T12:00'));
  expect(firstSlot(at('29T12:00'))).toBe(at('28T16:00'));
  const known = new Map([at('28T08:00'), at('28T12:00'), at('29T08:00')].map((slot) => [slot, new Map()]));
  expect([...ofLastDay(known, at('29T10:30')).keys()]).toEqual([at('28T12:00'), at('29T08:00')]);
});

test('counts of replicas are added by slot and namespace', () => {
  const [early, late] = [at('29T04:00'), at('29T08:00')];
  const one = new Map([[early, new Map([['shop', counts({ allowed: 1, denied: 2 })]])]]);
  const other = new Map([
    [early, new Map([['shop', counts({ allowed: 3, repaired: 4 })]])],
    [late, new Map([['data', counts({ wouldDeny: 5 })]])],
  ]);
  const sum = merged(one, other);
  expect(sum).toEqual(
    new Map([
      [early, new Map([['shop', { allowed: 4, denied: 2, repaired: 4, wouldDeny: 0 }]])],
      [late, new Map([['data', counts({ wouldDeny: 5 })]])],
    ]),
  );
  expect(byNamespace(merged(sum, one)).get('shop')).toEqual({ allowed: 5, denied: 4, repaired: 4, wouldDeny: 0 });
});

test('if there are too many namespaces, those that matter least are counted together, and no request is lost', () => {
  const all = new Map([
    ['busy', counts({ allowed: 900 })],
    ['denied', counts({ denied: 1 })],
    ['idle', counts({ allowed: 1 })],
    ['repaired', counts({ allowed: 2, repaired: 2 })],
  ]);
  expect(merged(new Map([[0, all]]), new Map(), 2)).toEqual(
    new Map([
      [
        0,
        new Map([
          ['denied', counts({ denied: 1 })],
          ['repaired', counts({ allowed: 2, repaired: 2 })],
          ['', counts({ allowed: 901 })],
        ]),
      ],
    ]),
  );
});
