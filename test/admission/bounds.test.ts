import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { OutOfTime } from '../../src/engine/circumstances.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { podObject, requestFor } from '../support/requests.ts';

const policy = defaultPolicy(rules);
const world = { policy, minor: 36 };
const podOf = (containers: number, container: object = {}) =>
  podObject({
    containers: Array.from({ length: containers }, (_, index) => ({ name: `c${index}`, image: 'web:1', ...container })),
  });

test('a denial lists at most 20 findings of a rule and counts the others', () => {
  const { response } = decide('validate', requestFor(podOf(990, { securityContext: { privileged: true } })), world);
  expect(response.allowed).toBe(false);
  expect(response.status?.message).toContain(
    'is privileged; remove securityContext.privileged and add only the capabilities it\n    needs; and 970 more like it (no-privileged-containers)',
  );
  const causes = response.status?.details?.causes ?? [];
  expect(causes.filter(({ reason }) => reason === 'no-privileged-containers')).toHaveLength(20);
  expect(causes.length).toBeLessThanOrEqual(100);
  expect(JSON.stringify(response).length).toBeLessThan(40_000);
});

test.each([
  ['enforce', false, 'deny'],
  ['audit', true, 'audit_deny'],
] as const)('a Pod with too many containers gets a verdict according to the mode: %s', (mode, allowed, verdict) => {
  const request = requestFor(podOf(1_001));
  const decision = decide('validate', request, { ...world, policy: { ...policy, mode } });
  const message = 'podwright evaluates Pods of at most 1000 containers, and this one has 1001';
  expect(decision.response).toEqual({
    uid: request.uid,
    allowed,
    ...(!allowed && { status: { code: 413, reason: 'RequestEntityTooLarge', message } }),
    auditAnnotations: { verdict },
  });
  expect([decision.verdict, decision.note]).toEqual([verdict, message]);
  expect(decide('mutate', request, world).response).toEqual({ uid: request.uid, allowed: true });
});

test('mutation admits a Pod that needs too many repairs, and validation says why', () => {
  const request = requestFor(podOf(1_000));
  const mutation = decide('mutate', request, world);
  expect([mutation.response.patch, mutation.note]).toEqual([
    undefined,
    'it is not repaired: one Pod gets at most 1000 repairs, and this one needs more',
  ]);
  const { response } = decide('validate', request, { ...world, policy: { ...policy, rules: strict() } });
  expect(response.status?.message.replaceAll(/\n\s+/g, ' ')).toContain(
    'set securityContext.allowPrivilegeEscalation: false; one Pod gets at most 1000 repairs, and this one needs more',
  );
});

const strict = () => policy.rules.map((setting) => ({ ...setting, mode: 'enforce' as const }));

test('a timeout gives a verdict according to the mode, and mutation admits the Pod', () => {
  const late = {
    checkTime: () => {
      throw new OutOfTime();
    },
  };
  const request = requestFor(podOf(1));
  const message = 'podwright could not evaluate this in time; retry, and if it persists make the object smaller';
  const denied = decide('validate', request, { ...world, ...late });
  expect([denied.isLate, denied.response]).toEqual([
    true,
    {
      uid: request.uid,
      allowed: false,
      status: { code: 504, reason: 'Timeout', message },
      auditAnnotations: { verdict: 'deny' },
    },
  ]);
  const audited = decide('validate', request, { ...world, ...late, policy: { ...policy, mode: 'audit' } });
  expect([audited.isLate, audited.response.allowed, audited.verdict]).toEqual([true, true, 'audit_deny']);
  expect(decide('mutate', request, { ...world, ...late }).response).toEqual({ uid: request.uid, allowed: true });
});
