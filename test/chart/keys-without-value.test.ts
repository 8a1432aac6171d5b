import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chartValues } from '../../scripts/generate/chart-values.ts';
import { changes } from './support/changes.ts';
import { chart, helms, refusal, render } from './support/helm.ts';

const all = chartValues(readFileSync(join(chart, 'values.yaml'), 'utf8'));
/** Objects that need other values too. */
const everywhere = { monitoring: { alerts: true, dashboard: true, serviceMonitor: true }, events: { enabled: true } };

function valuesWith(keys: readonly (readonly string[])[], value: (key: readonly string[]) => unknown): object {
  const values: Record<string, unknown> = structuredClone(everywhere);
  for (const key of keys) {
    let group = values;
    for (const name of key.slice(0, -1)) group = (group[name] ??= {}) as Record<string, unknown>;
    group[key.at(-1) ?? ''] = value(key);
  }
  return values;
}

/** Text, lists and objects that may be empty, by default or not. */
const emptied = new Map(
  all.flatMap(({ key, byDefault }) => {
    if (Array.isArray(byDefault)) return [[key, []] as const];
    const isEmpty = byDefault === '' || (typeof byDefault === 'object' && Object.keys(byDefault ?? {}).length === 0);
    return isEmpty ? [[key, byDefault] as const] : [];
  }),
);
const settings = all.filter(({ byDefault }) => typeof byDefault === 'boolean' || typeof byDefault === 'number');
const groups = [...new Set(all.flatMap(({ key: [first = '', ...rest] }) => (rest.length > 0 ? [first] : [])))];

describe.each(helms)('%s: a key without a value', (helm) => {
  test('is an empty one, if it may be empty', () => {
    const keys = [...emptied.keys()];
    const empty = render(
      valuesWith(keys, (key) => emptied.get(key)),
      { helm },
    );
    expect(keys.length).toBeGreaterThan(30);
    expect(
      changes(
        empty,
        render(
          valuesWith(keys, () => null),
          { helm },
        ),
      ),
    ).toEqual({});
  });

  test('is refused by name, if something depends on it', () => {
    const keys = [['mode'], ['policy'], ['image', 'repository'], ...settings.map(({ key }) => key)];
    const reasons = refusal(
      valuesWith(keys, () => null),
      helm,
    );
    expect(keys.filter((key) => !reasons.includes(`'${key.at(-1) ?? ''}'`))).toEqual([]);
  });

  test.each(groups)('is refused by name: %s', (group) => {
    expect(refusal({ [group]: null }, helm)).toContain(group);
  });
});
