import { expect, test } from 'vitest';
import { openSelectorIndex } from '../../src/audit/neighbors/selector-index.ts';
import type { LabelSelector } from '../../src/subject/label-selector.ts';

const release = { 'app.kubernetes.io/part-of': 'shop' };

/** How often selectors are compared while each of `count` Pods is looked up among as many selectors. */
function comparisons(count: number): number {
  let compared = 0;
  const all = Array.from({ length: count }, (_, each) => ({
    selector: { matchLabels: { ...release, app: `${each}` } },
  }));
  const selecting = openSelectorIndex(all, () => {
    compared += 1;
    return true;
  });
  for (let each = 0; each < count; each++) expect(selecting({ ...release, app: `${each}` })).toEqual([all[each]]);
  return compared;
}

test('selectors that share a label are compared with their own Pods only', () => {
  expect(comparisons(100)).toBe(100);
  expect(comparisons(1_000)).toBe(1_000);
});

test.each<[LabelSelector, boolean]>([
  [{}, true],
  [{ matchLabels: { app: 'web' } }, true],
  [{ matchLabels: { app: 'web', tier: 'front' } }, false],
  [{ matchLabels: { constructor: 'web' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'Like', values: ['web'] }] }, false],
  [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, false],
])('%j selects app=web: %s', (selector, isSelected) => {
  expect(openSelectorIndex([{ selector }])({ app: 'web' })).toEqual(isSelected ? [{ selector }] : []);
});

test('what selects a Pod comes in the order of the objects', () => {
  const all = [{ app: 'web' }, {}, { tier: 'front' }].map((matchLabels) => ({ selector: { matchLabels } }));
  expect(openSelectorIndex(all)({ tier: 'front', app: 'web' })).toEqual(all);
});
