import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/engine/policy.ts';
import { policyChanges, summaryOf } from '../../src/engine/policy-changes.ts';
import { type PolicyDocument, resolve } from '../../src/policy/resolve.ts';
import { rules } from '../../src/rules/index.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const changes = (before: PolicyDocument, after: PolicyDocument): string[] =>
  policyChanges(resolve(before, rules), resolve(after, rules), now);
const exemption = {
  name: 'cni',
  rules: ['no-host-network'],
  match: { namespaces: ['net'] },
  reason: 'it is the network',
  owner: 'platform',
  expires: '2027-03-31',
};
const { expires: _, ...lasting } = exemption;
const expired = { ...exemption, expires: '2026-11-27' };

describe('what a policy decides differently:', () => {
  test.each<[string, PolicyDocument, PolicyDocument, string[]]>([
    ['nothing, if it is the same', { mode: 'audit' }, { mode: 'audit' }, []],
    [
      'nothing, if only words and annotations differ',
      { exemptions: [exemption] },
      { exemptions: [{ ...exemption, reason: 'still', owner: 'net' }], messages: { contact: '#net' }, annotate: false },
      [],
    ],
    [
      'ceilings and fixes',
      { mode: 'audit' },
      { mode: 'enforce', workloads: 'warn', existing: 'audit', controllers: 'warn', fixes: false },
      [
        'mode audit -> enforce',
        'workloads enforce -> warn',
        'existing warn -> audit',
        'controllers enforce -> warn',
        'fixes on -> off',
      ],
    ],
    [
      'modes of rules, those that change alike together',
      { extends: 'none', rules: { 'no-host-pid': { mode: 'warn' } } },
      {
        extends: 'none',
        rules: {
          'no-host-pid': { mode: false },
          'no-host-ipc': { mode: 'enforce' },
          'no-host-network': { mode: 'enforce' },
        },
      },
      ['rules off -> enforce: no-host-ipc, no-host-network', 'rule warn -> off: no-host-pid'],
    ],
    [
      'fixes and options of rules that are not off',
      { extends: 'none', rules: { 'pre-stop-sleep': { mode: 'warn', fix: true } } },
      {
        extends: 'none',
        rules: {
          'pre-stop-sleep': { mode: 'warn', options: { seconds: 9 }, fix: false },
          'no-host-path': { options: { allow: ['/var/log'] } },
        },
      },
      ['fixes off: pre-stop-sleep', 'other options: pre-stop-sleep'],
    ],
    [
      'namespaces',
      {
        namespaces: [
          { match: { names: ['shop', 'pay'] }, mode: 'audit' },
          { match: { names: ['old'] }, mode: 'off' },
          { match: { names: ['x'] }, fixes: true, rules: { 'no-host-pid': { mode: 'warn' } } },
        ],
      },
      {
        namespaces: [
          { match: { names: ['shop', 'pay'] }, mode: 'enforce' },
          { match: { labels: { tier: 'gold' }, names: ['a-*'] }, mode: 'warn' },
          { match: { names: ['x'] }, mode: 'warn' },
        ],
      },
      [
        'namespaces shop, pay: mode audit -> enforce',
        'namespaces a-* with tier=gold added (mode warn)',
        'namespaces x: mode unset -> warn, fixes on -> unset, rules no-host-pid',
        'namespaces old removed (mode off)',
      ],
    ],
    [
      'the order of namespaces, of which later ones win',
      {
        namespaces: [
          { match: { names: ['*'] }, mode: 'audit' },
          { match: { names: ['a'] }, mode: 'warn' },
        ],
      },
      {
        namespaces: [
          { match: { names: ['a'] }, mode: 'warn' },
          { match: { names: ['*'] }, mode: 'audit' },
        ],
      },
      ['order of namespaces changed'],
    ],
    [
      'exemptions that come, go, end and cover something else',
      {
        exemptions: [
          exemption,
          { ...exemption, name: 'csi' },
          { ...exemption, name: 'log' },
          { ...expired, name: 'old' },
        ],
      },
      {
        exemptions: [
          { ...exemption, expires: '2026-12-31' },
          { ...exemption, name: 'csi', rules: ['*'] },
          { ...exemption, name: 'new' },
          { ...expired, name: 'late' },
        ],
      },
      [
        'exemptions removed: log',
        'exemption cni ends 2027-03-31 -> 2026-12-31',
        'exemption late expired on 2026-11-27',
        'exemptions changed: csi',
        'exemptions added: new',
      ],
    ],
    [
      'an exemption that no longer ends',
      { exemptions: [exemption] },
      { exemptions: [lasting] },
      ['exemption cni ends 2027-03-31 -> never'],
    ],
    [
      'the rest',
      {},
      {
        kubernetesVersion: '1.30',
        operators: ['system:serviceaccount:argo:argo'],
        podTemplates: [{ group: 'x.io', versions: ['v1'], resource: 'ws', kind: 'W', path: 'spec.template' }],
      },
      ["kubernetesVersion the cluster's -> 1.30", 'operators changed', 'podTemplates changed'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test('many rules are counted', () => {
    const [change] = changes({ extends: 'none' }, { extends: 'pss-baseline' });
    expect(change).toMatch(/^rules off -> enforce: ([a-z-]+, ){4}[a-z-]+ and \d+ more$/);
  });
});

/** Another value for each part of a policy that decides anything; the type has them all. */
const others: Omit<Required<Policy>, 'hash' | 'annotate' | 'messages' | 'rules'> = {
  mode: 'off',
  fixes: false,
  workloads: 'off',
  existing: 'off',
  controllers: 'off',
  kubernetesMinor: 30,
  namespaces: [{ match: { names: ['a'] }, rules: {} }],
  exemptions: [exemption],
  selfService: { rules: ['no-host-network'], maximumDays: 30 },
  images: [{ image: 'docker.io/*', user: 0 }],
  operators: ['a'],
  operatorKinds: { 'Cluster.example.com': 'a' },
  podTemplates: [{ group: 'x.io', versions: ['v1'], resource: 'ws', kind: 'W', path: '/spec/template' }],
};

test.each(Object.entries(others))('%s is compared', (key, value) => {
  const policy = resolve({}, rules);
  expect(policyChanges(policy, { ...policy, [key]: value }, now)).toHaveLength(1);
});

test('one line has room for some changes, and counts the others', () => {
  expect(summaryOf(['mode audit -> warn', 'fixes on -> off', 'operators changed'], 36)).toBe(
    'mode audit -> warn; fixes on -> off; and 1 more',
  );
  expect(summaryOf(['mode audit -> warn', 'fixes on -> off'], 5)).toBe('mode audit -> warn; and 1 more');
});
