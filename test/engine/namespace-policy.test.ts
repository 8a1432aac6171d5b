import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Namespace, NamespaceEntry } from '../../src/engine/namespace-entry.ts';
import { matchOf, policyIn } from '../../src/engine/namespace-policy.ts';
import { type Policy, weaker } from '../../src/engine/policy.ts';
import { type Mode, modes } from '../../src/engine/rule.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { onlyRules } from '../support/policies.ts';

const [first, second] = ['no-host-network', 'pre-stop-sleep'];

const policyWith = (namespaces: readonly NamespaceEntry[], overrides: Partial<Policy> = {}): Policy =>
  onlyRules([first, second], { namespaces, ...overrides });

const shop = (labels?: Namespace['labels']): Namespace => ({ name: 'shop', labels });

const settingOf = (policy: Policy, id: string) => {
  const { rule: _, ...setting } = policy.rules.find(({ rule }) => rule.id === id)!;
  return setting;
};

/** The mode of a rule under the ceiling of its namespace. */
const effective = (policy: Policy, id: string): Mode => weaker(settingOf(policy, id).mode, policy.mode);

describe('an entry matches', () => {
  test.each<[NamespaceEntry['match'], Namespace, 'yes' | 'no' | 'maybe']>([
    [{}, shop(), 'yes'],
    [{ names: ['shop'] }, shop(), 'yes'],
    [{ names: ['other', 'sh*'] }, shop(), 'yes'],
    [{ names: ['sho'] }, shop(), 'no'],
    [{ names: [] }, shop(), 'no'],
    [{ labels: {} }, shop(), 'yes'],
    [{ labels: { a: '1' } }, shop(), 'maybe'],
    [{ labels: { a: '1' } }, shop({}), 'no'],
    [{ labels: { a: '1' } }, shop({ a: '1', b: '2' }), 'yes'],
    [{ labels: { a: '1' } }, shop({ a: '2' }), 'no'],
    [{ labels: { a: '*' } }, shop({ a: '2' }), 'yes'],
    [{ labels: { a: '1', b: '2' } }, shop({ a: '1' }), 'no'],
    [{ labels: { a: '1', b: '2' } }, shop({ a: '1', b: '2' }), 'yes'],
    [{ labels: { constructor: '*' } }, shop({}), 'no'],
    [{ names: ['shop'], labels: { a: '1' } }, shop({ a: '1' }), 'yes'],
    [{ names: ['shop'], labels: { a: '1' } }, shop({}), 'no'],
    [{ names: ['shop'], labels: { a: '1' } }, shop(), 'maybe'],
    [{ names: ['other'], labels: { a: '1' } }, shop({ a: '1' }), 'no'],
    [{ names: ['other'], labels: { a: '1' } }, shop(), 'no'],
  ])('%j in %j: %s', (match, namespace, expected) => {
    expect(matchOf({ match }, namespace)).toBe(expected);
  });
});

describe('the policy of a namespace', () => {
  const sleep = { ...settingOf(policyWith([]), second).options };

  test('is the policy itself where it has no entries', () => {
    const policy = policyWith([]);
    expect(policyIn(policy, shop())).toBe(policy);
  });

  test('is as outside where no entry matches', () => {
    const policy = policyWith([{ match: { names: ['other'] }, mode: 'off', fixes: false, rules: {} }]);
    expect(policyIn(policy, shop())).toEqual(policy);
  });

  test.each<[string, Omit<NamespaceEntry, 'match'>[], object]>([
    ['mode', [{ mode: 'warn', rules: {} }], { mode: 'warn' }],
    ['a stronger mode', [{ mode: 'enforce', rules: {} }], { mode: 'enforce' }],
    ['fixes', [{ fixes: false, rules: {} }], { fixes: false }],
    [
      'a later mode',
      [
        { mode: 'off', fixes: false, rules: {} },
        { mode: 'audit', rules: {} },
      ],
      { mode: 'audit', fixes: false },
    ],
    ['a later one that says nothing', [{ mode: 'off', rules: {} }, { rules: {} }], { mode: 'off' }],
  ])('takes %s', (_, entries, expected) => {
    const policy = policyWith(
      entries.map((entry) => ({ match: { names: ['*'] }, ...entry })),
      { mode: 'warn' },
    );
    expect(policyIn(policy, shop())).toEqual({ ...policy, ...expected });
  });

  test.each<[string, NamespaceEntry['rules'][], object]>([
    ['a mode alone', [{ [second]: { mode: 'audit' } }], { mode: 'audit', fix: true, options: sleep }],
    ['a fix alone', [{ [second]: { fix: false } }], { mode: 'enforce', fix: false, options: sleep }],
    [
      'one option of several',
      [{ [second]: { options: { seconds: 3 } } }],
      { mode: 'enforce', fix: true, options: { ...sleep, seconds: 3 } },
    ],
    [
      'a list as a whole',
      [{ [second]: { options: { ignoredPorts: ['x'] } } }],
      { mode: 'enforce', fix: true, options: { ...sleep, ignoredPorts: ['x'] } },
    ],
    [
      'key by key of several entries, the later one first',
      [
        { [second]: { mode: 'warn', fix: false, options: { seconds: 3, exec: true } } },
        { [second]: { mode: 'audit', options: { seconds: 4, ignoredPorts: [] } } },
        { [first]: { mode: 'off' } },
      ],
      { mode: 'audit', fix: false, options: { ...sleep, seconds: 4, exec: true, ignoredPorts: [] } },
    ],
    ['nothing of another rule', [{ [first]: { mode: 'off' } }], { mode: 'enforce', fix: true, options: sleep }],
  ])('takes of a rule %s', (_, rules, expected) => {
    const policy = policyWith(rules.map((each) => ({ match: {}, rules: each })));
    expect(settingOf(policyIn(policy, shop()), second)).toEqual(expected);
    expect(settingOf(policy, second)).toEqual({ mode: 'enforce', fix: true, options: sleep });
  });

  test('goes by name and labels', () => {
    const policy = policyWith([
      { match: { names: ['sh*'] }, mode: 'warn', rules: {} },
      { match: { labels: { tier: 'gold' } }, mode: 'audit', rules: {} },
      { match: { names: ['shop'], labels: { tier: 'silver' } }, mode: 'off', rules: {} },
    ]);
    const modeOf = (namespace: Namespace): Mode => policyIn(policy, namespace).mode;
    expect(modeOf(shop({}))).toBe('warn');
    expect(modeOf(shop({ tier: 'gold' }))).toBe('audit');
    expect(modeOf(shop({ tier: 'silver' }))).toBe('off');
    expect(modeOf({ name: 'bank', labels: { tier: 'silver' } })).toBe('enforce');
    expect(modeOf({ name: 'bank', labels: { tier: 'gold' } })).toBe('audit');
  });

  test('is made once for all namespaces that the same entries match', () => {
    const policy = policyWith([{ match: { labels: { a: '1' } }, mode: 'warn', rules: {} }]);
    expect(policyIn(policy, { name: 'b', labels: { a: '1' } })).toBe(policyIn(policy, shop({ a: '1', b: '2' })));
    expect(policyIn(policy, shop({}))).not.toBe(policyIn(policy, shop({ a: '1' })));
    expect(policyIn({ ...policy, mode: 'audit' }, shop({}))).toMatchObject({ mode: 'audit' });
  });
});

describe('while labels are not known', () => {
  const labels = { tier: 'gold' };

  test.each<[string, NamespaceEntry[], Partial<Policy>, Mode, Mode]>([
    ['an entry that weakens does not count', [{ match: { labels }, mode: 'off', rules: {} }], {}, 'enforce', 'enforce'],
    [
      'one that strengthens does',
      [{ match: { labels }, mode: 'enforce', rules: {} }],
      { mode: 'audit' },
      'enforce',
      'enforce',
    ],
    [
      'rule by rule',
      [{ match: { labels }, rules: { [first]: { mode: 'off' }, [second]: { mode: 'audit' } } }],
      { mode: 'warn' },
      'warn',
      'warn',
    ],
    [
      'the rule that one entry strengthens and the ceiling that it lowers go together',
      [{ match: { labels }, mode: 'warn', rules: { [first]: { mode: 'enforce' } } }],
      { mode: 'audit' },
      'warn',
      'warn',
    ],
    [
      'two entries make together what neither does alone',
      [
        { match: { labels: { a: '1' } }, mode: 'enforce', rules: {} },
        { match: { labels: { b: '1' } }, rules: { [first]: { mode: 'enforce' }, [second]: { mode: 'warn' } } },
      ],
      { mode: 'audit' },
      'enforce',
      'enforce',
    ],
    [
      'what is certain afterwards holds in any case',
      [
        { match: { labels }, mode: 'enforce', rules: { [first]: { mode: 'enforce' } } },
        { match: { names: ['shop'] }, mode: 'warn', rules: { [first]: { mode: 'audit' } } },
      ],
      { mode: 'audit' },
      'audit',
      'warn',
    ],
    [
      'what is certain before is what an entry in question may change',
      [
        { match: { names: ['shop'] }, mode: 'off', rules: {} },
        { match: { labels }, mode: 'warn', rules: {} },
      ],
      {},
      'warn',
      'warn',
    ],
    [
      'entries for other names are out of the question',
      [{ match: { names: ['bank'], labels }, mode: 'enforce', rules: {} }],
      { mode: 'audit' },
      'audit',
      'audit',
    ],
  ])('%s', (_, entries, overrides, ofFirst, ofSecond) => {
    const reading = policyIn(policyWith(entries, overrides), shop());
    expect([effective(reading, first), effective(reading, second)]).toEqual([ofFirst, ofSecond]);
  });

  test("a rule's own mode stays what it is where the ceiling is the same anyway", () => {
    const policy = policyWith([{ match: { labels }, rules: { [first]: { mode: 'off' } } }], { mode: 'audit' });
    const { mode, rules } = policyIn(policy, shop());
    expect(mode).toBe('audit');
    expect(rules).toEqual(policy.rules);
  });

  test('ceilings that differ from rule to rule go into their modes', () => {
    const policy = policyWith(
      [
        {
          match: { labels: { a: '1' } },
          mode: 'warn',
          rules: { [first]: { mode: 'warn' }, [second]: { mode: 'off' } },
        },
        { match: { labels: { b: '1' } }, mode: 'audit', rules: { [second]: { mode: 'enforce' } } },
      ],
      { mode: 'off' },
    );
    const reading = policyIn(policy, shop());
    expect([effective(reading, first), effective(reading, second)]).toEqual(['warn', 'audit']);
  });

  test('a fix is off where the strictest reading has it off', () => {
    const entry = { match: { labels }, mode: 'enforce', fixes: false, rules: {} } as const;
    const stronger = policyIn(policyWith([entry], { mode: 'audit' }), shop());
    expect(settingOf(stronger, second)).toMatchObject({ mode: 'enforce', fix: false });
    const weakerOne = policyIn(policyWith([{ ...entry, mode: 'audit' }]), shop());
    expect(settingOf(weakerOne, second)).toMatchObject({ mode: 'enforce', fix: true });
  });
});

describe('whatever the entries', () => {
  const mode = fc.constantFrom(...modes);
  const override = fc.record({ mode, fix: fc.boolean() }, { requiredKeys: [] });
  const body = fc.record(
    {
      mode,
      fixes: fc.boolean(),
      rules: fc.dictionary(fc.constantFrom(first, second), override),
    },
    { requiredKeys: ['rules'] },
  );
  const names = fc.constantFrom<string[] | undefined>(undefined, ['shop'], ['s*', 'x'], ['bank']);
  /** Each entry asks for a label of its own or for none, so that any choice of them can be met. */
  const policies = fc
    .tuple(mode, fc.boolean(), fc.array(fc.tuple(body, names, fc.boolean()), { minLength: 1, maxLength: 5 }))
    .map(([ceiling, fixes, bodies]) => {
      const entries = bodies.map(
        ([rest, wanted, asksForLabel], index): NamespaceEntry => ({
          match: { ...(wanted && { names: wanted }), ...(asksForLabel && { labels: { [`l${index}`]: 'yes' } }) },
          ...rest,
        }),
      );
      return deepFreeze(policyWith(entries, { mode: ceiling, fixes }));
    });
  const subsets = (policy: Policy): Record<string, string>[] =>
    Array.from({ length: 2 ** policy.namespaces.length }, (_, bits) =>
      Object.fromEntries(policy.namespaces.flatMap((__, index) => ((bits >> index) & 1 ? [[`l${index}`, 'yes']] : []))),
    );
  const strength = (policy: Policy, id: string): number => modes.indexOf(effective(policy, id));
  const isFixing = (policy: Policy, id: string): boolean => policy.fixes && settingOf(policy, id).fix;

  test('the reading without labels is the strongest of those with them, rule by rule', () => {
    let open = 0;
    fc.assert(
      fc.property(policies, (policy) => {
        const unknown = policyIn(policy, shop());
        const readings = subsets(policy).map((labels) => policyIn(policy, shop(labels)));
        for (const id of [first, second]) {
          const all = readings.map((reading) => strength(reading, id));
          expect(strength(unknown, id)).toBe(Math.max(...all));
          if (new Set(all).size > 1) open += 1;
          // and with the fix of one that is as strong
          const strongest = readings.filter((reading) => strength(reading, id) === strength(unknown, id));
          expect(strongest.map((reading) => isFixing(reading, id))).toContain(isFixing(unknown, id));
        }
      }),
      { numRuns: 500 },
    );
    expect(open).toBeGreaterThan(50);
  });

  test('it is at least as strong where conditions hang together', () => {
    const tier = fc.constantFrom('gold', 'silver', '*');
    const entries = fc.array(fc.tuple(body, tier), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        mode,
        entries,
        fc.constantFrom({}, { tier: 'gold' }, { tier: 'silver' }),
        (ceiling, bodies, labels) => {
          const written = bodies.map(
            ([rest, value]): NamespaceEntry => ({ match: { labels: { tier: value } }, ...rest }),
          );
          const policy = policyWith(written, { mode: ceiling });
          for (const id of [first, second])
            expect(strength(policyIn(policy, shop()), id)).toBeGreaterThanOrEqual(
              strength(policyIn(policy, shop(labels)), id),
            );
        },
      ),
    );
  });

  test('known labels apply the entries one after the other', () => {
    fc.assert(
      fc.property(policies, fc.nat(), (policy, pick) => {
        const all = subsets(policy);
        const labels = all[pick % all.length] ?? {};
        let { mode: ceiling, fixes } = policy;
        const settings = new Map([first, second].map((id) => [id, settingOf(policy, id)]));
        for (const entry of policy.namespaces) {
          if (matchOf(entry, shop(labels)) !== 'yes') continue;
          ceiling = entry.mode ?? ceiling;
          fixes = entry.fixes ?? fixes;
          for (const [id, setting] of settings) settings.set(id, { ...setting, ...entry.rules[id] });
        }
        const found = policyIn(policy, shop(labels));
        expect([found.mode, found.fixes, settingOf(found, first), settingOf(found, second)]).toEqual([
          ceiling,
          fixes,
          settings.get(first),
          settings.get(second),
        ]);
      }),
    );
  });
});

test('evaluation resolves the policy for the given namespace once', () => {
  const relaxed = { match: { names: ['shop'] }, mode: 'audit' as const, rules: {} };
  const policy = onlyRules(['no-host-network'], { namespaces: [relaxed] });
  const modesIn = (name: string, given = policy) =>
    evaluate({ pod: { spec: { hostNetwork: true, containers: [{ name: 'app', image: 'a:1' }] } } }, given, {
      minor: 36,
      origin: { namespace: { name, labels: {} }, workloads: [] },
    }).findings.map(({ mode }) => mode);
  expect([modesIn('shop'), modesIn('other')]).toEqual([['audit'], ['enforce']]);
  const inShop = policyIn(policy, { name: 'shop', labels: {} });
  expect(policyIn(inShop, { name: 'other', labels: undefined })).toBe(inShop);
});

test('of two equally strong readings the one that repairs wins, in any order', () => {
  const entry = (tier: string, fixes: boolean): NamespaceEntry => ({ match: { labels: { tier } }, fixes, rules: {} });
  const policy = onlyRules(['no-privilege-escalation'], { fixes: false });
  for (const namespaces of [
    [entry('a', true), entry('b', false)],
    [entry('b', false), entry('a', true)],
  ]) {
    const { fixes, rules } = policyIn({ ...policy, namespaces }, shop());
    expect([fixes, rules.find(({ rule }) => rule.id === 'no-privilege-escalation')?.fix]).toEqual([true, true]);
  }
});

test.each([
  ['default', undefined, ['no-default-namespace']],
  ['default', 'shop', ['no-default-namespace']],
  ['shop', 'default', []],
])('rules see the namespace %s of the request rather than %s of the object', (name, own, expected) => {
  const pod = { metadata: { ...(own !== undefined && { namespace: own }) }, spec: { containers: [] } };
  const origin = { namespace: { name, labels: {} }, workloads: [] };
  const { findings } = evaluate({ pod }, onlyRules(['no-default-namespace']), { minor: undefined, origin });
  expect(findings.map(({ rule }) => rule.id)).toEqual(expected);
});
