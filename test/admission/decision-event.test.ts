import { describe, expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { decisionEvent } from '../../src/admission/decision-event.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { onlyRules } from '../support/policies.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';

const policy = onlyRules(['no-host-network', 'no-privilege-escalation', 'require-seccomp-profile'], {
  mode: 'enforce',
  operators: ['system:serviceaccount:data:operator'],
});
const bad = { hostNetwork: true, containers: [{ name: 'app', image: 'app:1' }] };
const repairable = { containers: [{ name: 'app', image: 'app:1' }] };
const controlled = (kind: string, name: string) => ({
  name: `${name}-x2x4x`,
  generateName: `${name}-`,
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u-1', controller: true, blockOwnerDeletion: true }],
});
const by = (username: string): Pick<AdmissionRequest, 'userInfo'> => ({ userInfo: { username, groups: [] } });
const replicaSetController = by('system:serviceaccount:kube-system:replicaset-controller');

const eventOf = (path: 'mutate' | 'validate', object: object, more: Partial<AdmissionRequest> = {}) =>
  decisionEvent(decide(path, requestFor(object, more), { policy, minor: 36 }), policy);

describe('a denial', () => {
  test('of a Pod is on the controller that created it, without the name that it never gets', () => {
    const pod = podObject(bad, controlled('ReplicaSet', 'web-6d4f'));
    expect(eventOf('validate', pod, replicaSetController)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'shop', name: 'web-6d4f', uid: 'u-1' },
      type: 'Warning',
      reason: 'Denied',
      message:
        'Pod shop/web-6d4f-* is refused by 3 rules: no-host-network, no-privilege-escalation, require-seccomp-profile',
    });
  });

  test('is on the controller if a listed operator names it', () => {
    const pod = podObject(bad, controlled('StatefulSet', 'db'));
    const event = eventOf('validate', pod, by('system:serviceaccount:data:operator'));
    expect([event?.kind, event?.metadata.name]).toEqual(['StatefulSet', 'db']);
  });

  test('is on the object itself if anyone else names a controller', () => {
    const pod = podObject(bad, controlled('ReplicaSet', 'of-another-team'));
    const event = eventOf('validate', pod, by('mallory'));
    expect([event?.kind, event?.metadata]).toEqual(['Pod', { namespace: 'shop', name: 'of-another-team-x2x4x' }]);
  });

  test('of an update has the uid of the stored object', () => {
    const before = deploymentObject(repairable, { uid: 'u-2' });
    const event = eventOf('validate', deploymentObject(bad, { uid: 'of a liar' }), {
      operation: 'UPDATE',
      oldObject: before,
    });
    expect(event).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u-2' } });
  });

  test('has one line', () => {
    expect(eventOf('validate', podObject(bad))?.message).not.toContain('\n');
  });
});

test('a repair names its rules', () => {
  const pod = podObject(repairable, controlled('ReplicaSet', 'web-6d4f'));
  const fixing = { ...policy, rules: policy.rules.map((setting) => ({ ...setting, fix: true })) };
  const decision = decide('mutate', requestFor(pod, replicaSetController), { policy: fixing, minor: 36 });
  expect(decisionEvent(decision, fixing)).toMatchObject({
    kind: 'ReplicaSet',
    type: 'Normal',
    reason: 'Repaired',
    message: 'a Pod was repaired: no-privilege-escalation, require-seccomp-profile',
  });
});

test.each<[string, object, Partial<AdmissionRequest>]>([
  ['dry runs', podObject(bad), { dryRun: true }],
  ['objects without a name', podObject(bad, { generateName: 'web-' }), {}],
  ['objects that are admitted', podObject({ ...repairable, hostNetwork: false }), { subResource: 'status' }],
])('there is none for %s', (_, object, more) => {
  expect(eventOf('validate', object, more)).toBeUndefined();
});

test('there is none for findings that audit mode records', () => {
  const audit = { ...policy, mode: 'audit' as const };
  const decision = decide('validate', requestFor(podObject(bad)), { policy: audit, minor: 36 });
  expect([decision.verdict, decisionEvent(decision, audit)]).toEqual(['audit_deny', undefined]);
});
