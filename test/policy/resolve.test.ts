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
      kubernetesMinor: undefined,
      namespaces: [],
      exemptions: [],
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

  it('differs where anything differs', () => {
    const documents: PolicyDocument[] = [
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
