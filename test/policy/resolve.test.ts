import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { type PolicyDocument, resolve } from '../../src/policy/resolve.ts';
import { sampleRules } from './sample-rules.ts';

const settingOf = (document: PolicyDocument, id: string) => {
  const setting = resolve(document, sampleRules).rules.find(({ rule }) => rule.id === id);
  return [setting?.mode, setting?.fix, setting?.options];
};

describe('defaultPolicy', () => {
  it('is recommended and enforce, rules by id', () => {
    const { rules, hash, ...ceilings } = defaultPolicy(sampleRules);
    expect(ceilings).toEqual({
      mode: 'enforce',
      fixes: true,
      workloads: 'enforce',
      existing: 'warn',
      controllers: 'enforce',
      annotate: true,
      messages: {},
      kubernetesMinor: undefined,
      namespaces: [],
      exemptions: [],
      operators: [],
      podTemplates: [],
    });
    expect(rules.map(({ rule, mode }) => [rule.id, mode])).toEqual([
      ['limit-capabilities', 'enforce'],
      ['no-host-path', 'off'],
      ['pre-stop-sleep', 'warn'],
      ['require-memory-request', 'enforce'],
    ]);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('resolve', () => {
  it('reads every ceiling, false as off', () => {
    const document = {
      mode: false,
      fixes: false,
      workloads: 'audit',
      existing: false,
      controllers: 'warn',
      annotate: false,
      kubernetesVersion: '1.36',
    } as const;
    expect(resolve(document, sampleRules)).toMatchObject({
      mode: 'off',
      fixes: false,
      workloads: 'audit',
      existing: 'off',
      controllers: 'warn',
      annotate: false,
      kubernetesMinor: 36,
    });
  });

  it('overrides key by key, options option by option, lists as a whole', () => {
    const sleep = { seconds: 10, ignoredPorts: ['a', 'b'], exec: false };
    const override = (rule: object): PolicyDocument => ({ rules: { 'pre-stop-sleep': rule } });
    expect(settingOf(override({}), 'pre-stop-sleep')).toEqual(['warn', true, sleep]);
    expect(settingOf(override({ mode: 'enforce' }), 'pre-stop-sleep')).toEqual(['enforce', true, sleep]);
    expect(settingOf(override({ mode: false }), 'pre-stop-sleep')).toEqual(['off', true, sleep]);
    expect(settingOf(override({ fix: false }), 'pre-stop-sleep')).toEqual(['warn', false, sleep]);
    expect(settingOf(override({ options: { ignoredPorts: ['c'] } }), 'pre-stop-sleep')).toEqual([
      'warn',
      true,
      { ...sleep, ignoredPorts: ['c'] },
    ]);
    expect(settingOf({ extends: 'strict', ...override({ options: { exec: true } }) }, 'pre-stop-sleep')).toEqual([
      'enforce',
      true,
      { ...sleep, seconds: 20, exec: true },
    ]);
  });

  it('leaves the fix off where a preset that has none is overridden by a mode alone', () => {
    const document: PolicyDocument = { extends: 'none', rules: { 'pre-stop-sleep': { mode: 'enforce' } } };
    expect(settingOf(document, 'pre-stop-sleep').slice(0, 2)).toEqual(['enforce', false]);
  });

  it('lets a rule that is set by name act, however new it is', () => {
    const id = 'require-memory-request';
    expect(settingOf({ presetVersion: 1 }, id)[0]).toBe('audit');
    expect(settingOf({ presetVersion: 1, rules: { [id]: { fix: true } } }, id)[0]).toBe('audit');
    expect(settingOf({ presetVersion: 1, rules: { [id]: { mode: 'enforce' } } }, id)[0]).toBe('enforce');
  });
});

describe('sections', () => {
  it('namespaces: with what they set, and nothing else', () => {
    const { namespaces } = resolve(
      {
        namespaces: [
          { match: { names: ['a'] } },
          {
            match: { labels: { b: '1', a: '2' } },
            mode: false,
            fixes: false,
            rules: {
              'pre-stop-sleep': { options: { ignoredPorts: ['c'], seconds: 1 }, fix: false },
              'no-host-path': { mode: false },
              'limit-capabilities': {},
            },
          },
        ],
      },
      sampleRules,
    );
    expect(namespaces).toEqual([
      { match: { names: ['a'] }, rules: {} },
      {
        match: { labels: { a: '2', b: '1' } },
        mode: 'off',
        fixes: false,
        rules: {
          'pre-stop-sleep': { fix: false, options: { ignoredPorts: ['c'], seconds: 1 } },
          'no-host-path': { mode: 'off' },
          'limit-capabilities': {},
        },
      },
    ]);
  });

  const exemption = { name: 'cni', rules: ['*'], match: { users: ['a'] }, reason: 'r', owner: 'o' };

  it.each<[string | undefined, object]>([
    [undefined, {}],
    ['2027-03-31', { expires: '2027-03-31', expiresAt: Date.parse('2027-04-01T00:00:00Z') }],
    ['2026-12-31', { expires: '2026-12-31', expiresAt: Date.parse('2027-01-01T00:00:00Z') }],
    ['2028-02-29', { expires: '2028-02-29', expiresAt: Date.parse('2028-03-01T00:00:00Z') }],
    ['2027-03-31T00:00:00Z', { expires: '2027-03-31', expiresAt: Date.parse('2027-04-01T00:00:00Z') }],
  ])('exemptions: what expires %s ends with that day in UTC', (expires, expected) => {
    const written = { ...exemption, ...(expires !== undefined && { expires }) };
    expect(resolve({ exemptions: [written] }, sampleRules).exemptions).toEqual([{ ...exemption, ...expected }]);
  });

  it('exemptions: all fields of a match', () => {
    const match = {
      containers: ['a'],
      images: ['b'],
      groups: ['c'],
      users: ['d'],
      serviceAccounts: ['e'],
      workloads: ['Job/f'],
      namespaceLabels: { h: 'i', g: 'j' },
      namespaces: ['k'],
    };
    expect(resolve({ exemptions: [{ ...exemption, match }] }, sampleRules).exemptions[0]?.match).toEqual(match);
  });

  it('podTemplates: the path as a pointer', () => {
    const kind = { group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker' };
    const paths = ['spec.template', 'template'].map((path) => ({ ...kind, path }));
    expect(resolve({ podTemplates: paths }, sampleRules).podTemplates).toEqual([
      { ...kind, path: '/spec/template' },
      { ...kind, path: '/template' },
    ]);
  });
});

describe('hash', () => {
  const hashOf = (document: PolicyDocument, rules = sampleRules) => resolve(document, rules).hash;

  it('is the same for the same content', () => {
    const spelledOut: PolicyDocument = {
      existing: 'warn',
      mode: 'enforce',
      rules: {
        'pre-stop-sleep': { options: { exec: false, seconds: 10 }, mode: 'warn' },
        'no-host-path': { mode: false },
      },
    };
    expect(hashOf(spelledOut)).toBe(hashOf({}));
    expect(hashOf({}, sampleRules.toReversed())).toBe(hashOf({}));
  });

  it('is the same for sections with their keys in another order', () => {
    const entry = (fields: object, labels: Readonly<Record<string, string>>): PolicyDocument => ({
      namespaces: [{ match: { labels }, ...fields }],
      exemptions: [
        { name: 'a', rules: ['*'], match: { namespaceLabels: labels, users: ['a'] }, reason: 'r', owner: 'o' },
      ],
    });
    const rules = {
      'no-host-path': { mode: 'warn' },
      'pre-stop-sleep': { options: { exec: true, seconds: 1 }, mode: 'warn' },
    };
    const same = {
      'pre-stop-sleep': { mode: 'warn', options: { seconds: 1, exec: true } },
      'no-host-path': { mode: 'warn' },
    };
    expect(hashOf(entry({ rules, mode: 'warn' }, { a: '1', b: '2' }))).toBe(
      hashOf(entry({ mode: 'warn', rules: same }, { b: '2', a: '1' })),
    );
  });

  it('differs where anything differs', () => {
    const entry = { match: { names: ['a'] } };
    const exemption = { name: 'a', rules: ['*'], match: { users: ['a'] }, reason: 'r', owner: 'o' };
    const kind = { group: 'example.com', versions: ['v1'], resource: 'workers', kind: 'Worker', path: 'spec.template' };
    const documents: PolicyDocument[] = [
      { namespaces: [entry] },
      { namespaces: [entry, entry] },
      { namespaces: [{ match: { names: ['b'] } }] },
      { namespaces: [{ match: { labels: { a: 'a' } } }] },
      { namespaces: [{ ...entry, mode: 'audit' }] },
      { namespaces: [{ ...entry, fixes: true }] },
      { namespaces: [{ ...entry, rules: { 'no-host-path': { mode: 'warn' } } }] },
      { exemptions: [exemption] },
      { exemptions: [{ ...exemption, name: 'b' }] },
      { exemptions: [{ ...exemption, rules: ['no-host-path'] }] },
      { exemptions: [{ ...exemption, match: { groups: ['a'] } }] },
      { exemptions: [{ ...exemption, reason: 's' }] },
      { exemptions: [{ ...exemption, owner: 'p' }] },
      { exemptions: [{ ...exemption, expires: '2027-03-31' }] },
      { exemptions: [{ ...exemption, expires: '2027-04-01' }] },
      { podTemplates: [kind] },
      { podTemplates: [{ ...kind, path: 'spec.pod' }] },
      {},
      { extends: 'strict' },
      { presetVersion: 1 },
      { kubernetesVersion: '1.30' },
      { mode: 'audit' },
      { fixes: false },
      { workloads: 'audit' },
      { existing: 'audit' },
      { controllers: 'audit' },
      { annotate: false },
      { rules: { 'pre-stop-sleep': { mode: 'audit' } } },
      { rules: { 'pre-stop-sleep': { fix: false } } },
      { rules: { 'pre-stop-sleep': { options: { seconds: 11 } } } },
      { rules: { 'pre-stop-sleep': { options: { ignoredPorts: ['b', 'a'] } } } },
    ];
    expect(new Set(documents.map((document) => hashOf(document))).size).toBe(documents.length);
  });
});
