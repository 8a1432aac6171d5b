import { describe, expect, test } from 'vitest';
import {
  decideExemptionsEdit,
  exemptionsEditOf,
  uncheckedExemptionsEdit,
} from '../../src/admission/exemptions-edit.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import type { Exemption } from '../../src/engine/exemption.ts';
import { resolve } from '../../src/policy/resolve.ts';
import { rules } from '../../src/rules/index.ts';

const configMap = (data: object | undefined, labels = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'podwright-exemptions', namespace: 'shop', labels },
  data,
});
const request = (given: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  uid: 'uid-1',
  kind: { group: '', version: 'v1', kind: 'ConfigMap' },
  subResource: '',
  name: 'podwright-exemptions',
  namespace: 'shop',
  operation: 'UPDATE',
  userInfo: { username: 'ann', groups: [] },
  dryRun: false,
  ...given,
});
const text = 'exemptions: []\n';

describe('what a request changes:', () => {
  const old = configMap({ 'exemptions.yaml': text });
  test.each<[string, Partial<AdmissionRequest>, string | undefined]>([
    ['the first text', { operation: 'CREATE', object: old }, text],
    ['another text', { object: configMap({ 'exemptions.yaml': 'x' }), oldObject: old }, 'x'],
    ['the key goes', { object: configMap(undefined), oldObject: old }, ''],
    ['only a label', { object: configMap({ 'exemptions.yaml': text }, { a: 'b' }), oldObject: old }, undefined],
    ['the ConfigMap goes', { operation: 'DELETE', oldObject: old }, undefined],
    ['another ConfigMap', { name: 'other', operation: 'CREATE', object: old }, undefined],
    [
      'another kind',
      { kind: { group: '', version: 'v1', kind: 'Secret' }, operation: 'CREATE', object: old },
      undefined,
    ],
  ])('%s', (_, given, expected) => {
    expect(exemptionsEditOf(request(given))).toBe(expected);
  });
});

const legacy: Exemption = {
  name: 'shop/podwright-exemptions/legacy',
  rules: ['run-as-non-root', 'require-cpu-request'],
  match: { namespaces: ['shop'], workloads: ['Deployment/legacy', 'Job/legacy-*'], containers: ['app'] },
  reason: 'r',
  owner: 'shop',
  expires: '2026-12-12',
  expiresAt: Date.parse('2026-12-13T00:00:00Z'),
};
const past = { ...legacy, rules: ['run-as-non-root'], match: { images: ['ghcr.io/shop/*'] }, expires: '2026-11-27' };
const expired = { ...past, expiresAt: Date.parse('2026-11-28T00:00:00Z') };

function responseTo(exemptions: readonly Exemption[], problems: readonly string[] = []) {
  const policy = resolve({ messages: { contact: '#platform on chat', link: 'https://policy.example/{rule}' } }, rules);
  const world = { policy, now: Date.parse('2026-11-28T12:00:00Z') };
  return decideExemptionsEdit(request(), { exemptions, problems }, world);
}

test('what is granted is admitted, with one warning that lists it', () => {
  expect(responseTo([legacy, expired])).toMatchObject({
    webhook: 'exemptions.validate.podwright.dev',
    verdict: 'allow',
    response: {
      uid: 'uid-1',
      allowed: true,
      auditAnnotations: { verdict: 'allow' },
      warnings: [
        'podwright: exempt until 2026-12-12: run-as-non-root, require-cpu-request for Deployment/legacy or Job/legacy-* with app; no longer exempt since the end of 2026-11-27: run-as-non-root for ghcr.io/shop/*',
      ],
    },
  });
  expect(responseTo([]).response.warnings).toEqual(['podwright: nothing is exempt']);
});

test('what is not granted is denied with every problem, even if something else would be granted', () => {
  const { verdict, response, note } = responseTo([legacy], ['exemptions.yaml:3:1: a', 'exemptions.yaml:4:1: b']);
  expect({ verdict, note, response }).toEqual({
    verdict: 'deny',
    note: 'exemptions.yaml:3:1: a',
    response: {
      uid: 'uid-1',
      allowed: false,
      auditAnnotations: { verdict: 'deny' },
      status: {
        code: 403,
        reason: 'Forbidden',
        message: [
          'ConfigMap shop/podwright-exemptions is refused, because its exemptions have 2 problems: exemptions.yaml:3:1: a',
          '  exemptions.yaml:4:1: b',
          'The exemptions in force stay.',
          'Ask: #platform on chat',
        ].join('\n'),
      },
    },
  });
  expect(responseTo([], ['x']).response.status?.message).toMatch(/because its exemptions are not allowed: x\n/);
});

test('what could not be checked is admitted with that news', () => {
  expect(uncheckedExemptionsEdit(request(), 'not checked').response).toEqual({
    uid: 'uid-1',
    allowed: true,
    auditAnnotations: { verdict: 'allow' },
    warnings: ['podwright: not checked'],
  });
  expect(uncheckedExemptionsEdit(request()).response).toEqual({
    uid: 'uid-1',
    allowed: true,
    auditAnnotations: { verdict: 'allow' },
  });
});
