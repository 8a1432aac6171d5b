import { describe, expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import type { World } from '../../src/admission/world.ts';
import type { Exemption } from '../../src/engine/exemption.ts';
import { projectedOutcomeOf } from '../../src/engine/fate.ts';
import { onlyRules } from '../support/policies.ts';
import { deploymentObject, podObject, requestFor } from '../support/requests.ts';

const container = { name: 'agent', image: 'calico/node:v3.30' };
const onHost = { hostNetwork: true, containers: [container] };

const cni = (match: Exemption['match'], more: Partial<Exemption> = {}): Exemption => ({
  name: 'cni',
  rules: ['no-host-network'],
  match,
  reason: 'programs the network',
  owner: 'team-platform',
  ...more,
});

const worldWith = (exemption: Exemption, more: Partial<World> = {}): World => ({
  policy: onlyRules(['no-host-network', 'no-privilege-escalation'], { exemptions: [exemption] }),
  minor: 36,
  now: 0,
  ...more,
});

const reference = (kind: string, name: string) => ({ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true });
const account = (namespace: string, name: string): AdmissionRequest['userInfo'] => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});
const daemonSetController = account('kube-system', 'daemon-set-controller');

/** The verdict on the Pod, and by which exemption its host network is allowed. */
function outcome(request: AdmissionRequest, world: World) {
  const { verdict, findings } = decide('validate', request, world);
  const network = findings.find(({ rule }) => rule.id === 'no-host-network');
  return `${verdict}, ${network?.exemption?.name ?? 'not exempt'}`;
}

describe('an owner', () => {
  const owned = podObject(onHost, {
    generateName: 'calico-node-',
    ownerReferences: [reference('DaemonSet', 'calico-node')],
  });
  const world = worldWith(cni({ workloads: ['DaemonSet/calico-node'] }, { rules: ['*'] }));
  const listing = {
    ...world,
    policy: {
      ...world.policy,
      operators: ['system:serviceaccount:calico:operator', 'system:serviceaccount:*-operator:*'],
    },
  };

  test.each([
    ['a controller of Kubernetes', daemonSetController, 'allow, cni'],
    [
      'the controller manager with one account for all',
      { username: 'system:kube-controller-manager', groups: [] },
      'allow, cni',
    ],
    ['a listed operator', account('calico', 'operator'), 'allow, cni'],
    ['a listed operator of the namespace itself', account('shop-operator', 'manager'), 'allow, cni'],
    ['another account of its namespace', account('calico', 'deployer'), 'deny, not exempt'],
    ['an account of another namespace', account('team-b', 'deployer'), 'deny, not exempt'],
    [
      'Argo CD, which passes on what people write',
      account('argocd', 'argocd-application-controller'),
      'deny, not exempt',
    ],
    ['a person', { username: 'alice', groups: ['system:masters'] }, 'deny, not exempt'],
    ['an account of the namespace itself', account('shop', 'deployer'), 'deny, not exempt'],
    [
      'a name that only looks like an account',
      { username: 'system:serviceaccount:other', groups: [] },
      'deny, not exempt',
    ],
  ])('is trusted or not: %s', (_who, userInfo, expected) => {
    expect(outcome(requestFor(owned, { userInfo }), listing)).toBe(expected);
  });

  test('is not trusted from any service account while none is listed', () => {
    expect(outcome(requestFor(owned, { userInfo: account('calico', 'operator') }), world)).toBe('deny, not exempt');
  });

  test.each([
    ['a controller of Kubernetes', account('kube-system', 'cronjob-controller'), 'allow'],
    ['a listed operator', account('calico', 'operator'), 'allow'],
    ['an account of another namespace', account('team-b', 'deployer'), 'deny'],
    ['Argo CD', account('argocd', 'argocd-application-controller'), 'deny'],
    ['a person', { username: 'alice', groups: ['system:masters'] }, 'deny'],
  ])('limits findings in its template to a record: %s', (_who, userInfo, expected) => {
    const template = deploymentObject(onHost, { ownerReferences: [reference('ConfigMap', 'any')] });
    expect(decide('validate', requestFor(template, { userInfo }), listing).verdict).toBe(expected);
  });

  test('must be a controller reference', () => {
    const loose = { ...reference('DaemonSet', 'calico-node'), controller: false };
    const pod = podObject(onHost, { ownerReferences: [loose] });
    expect(outcome(requestFor(pod, { userInfo: daemonSetController }), world)).toBe('deny, not exempt');
  });

  test.each([
    ['ReplicaSet', 'proxy-6b7f', { 'pod-template-hash': '6b7f' }, 'Deployment/proxy', 'allow, cni'],
    ['ReplicaSet', 'proxy-6b7f', { 'pod-template-hash': 'other' }, 'Deployment/proxy', 'deny, not exempt'],
    ['ReplicaSet', 'proxy-6b7f', {}, 'Deployment/proxy', 'deny, not exempt'],
    ['Job', 'backup-29384756', {}, 'CronJob/backup', 'allow, cni'],
    ['Job', 'backup-29384756', {}, 'Job/backup-*', 'allow, cni'],
    ['Job', 'backup', {}, 'CronJob/backup', 'deny, not exempt'],
  ])('stands for the one above it: %s %s %j is %s', (kind, name, labels, workload, expected) => {
    const pod = podObject(onHost, { labels, ownerReferences: [reference(kind, name)] });
    const userInfo = account('kube-system', kind === 'Job' ? 'job-controller' : 'replicaset-controller');
    expect(outcome(requestFor(pod, { userInfo }), worldWith(cni({ workloads: [workload] }, { rules: ['*'] })))).toBe(
      expected,
    );
  });

  test('is the workload itself where its author applies it', () => {
    const exempt = worldWith(cni({ workloads: ['Deployment/web'] }, { rules: ['*'] }));
    expect(outcome(requestFor(deploymentObject(onHost)), exempt)).toBe('allow, cni');
    const other = deploymentObject(onHost, { name: 'webx' });
    expect(outcome(requestFor(other), exempt)).toBe('deny, not exempt');
  });
});

test('labels, annotations and service accounts that the exemption does not name have no effect', () => {
  const world = worldWith(cni({ namespaces: ['kube-system'] }, { rules: ['*'] }));
  const pod = podObject(
    { ...onHost, serviceAccountName: 'kube-system' },
    { name: 'web', namespace: 'kube-system', labels: { namespace: 'kube-system' } },
  );
  expect(outcome(requestFor(pod, { namespace: 'shop' }), world)).toBe('deny, not exempt');
  expect(outcome(requestFor(pod, { namespace: 'kube-system' }), world)).toBe('allow, cni');
});

test('a requester is matched by name or group', () => {
  const sre = worldWith(cni({ groups: ['sre'] }, { rules: ['*'] }));
  const pod = requestFor(podObject(onHost), { userInfo: { username: 'bob', groups: ['sre', 'system:authenticated'] } });
  expect(outcome(pod, sre)).toBe('allow, cni');
  expect(outcome(requestFor(podObject(onHost)), sre)).toBe('deny, not exempt');
  expect(outcome(requestFor(podObject(onHost)), worldWith(cni({ users: ['ali*'] }, { rules: ['*'] })))).toBe(
    'allow, cni',
  );
});

test('an exemption ends with the last millisecond of its day', () => {
  const dated = cni({ namespaces: ['shop'] }, { rules: ['*'], expires: '2027-03-31', expiresAt: Date.UTC(2027, 3, 1) });
  const at = (now: number): string => outcome(requestFor(podObject(onHost)), worldWith(dated, { now }));
  expect(at(Date.UTC(2027, 3, 1) - 1)).toBe('allow, cni');
  expect(at(Date.UTC(2027, 3, 1))).toBe('deny, not exempt');
});

test('an exempt finding is recorded, but neither reported nor repaired', () => {
  const exempt = cni({ namespaces: ['shop'] }, { rules: ['no-host-network', 'no-privilege-escalation'] });
  const world = worldWith(exempt);
  const request = requestFor(podObject(onHost));
  expect(decide('mutate', request, world).response).toEqual({ uid: request.uid, allowed: true });
  const { response, findings } = decide('validate', request, world);
  expect(response).toEqual({
    uid: request.uid,
    allowed: true,
    auditAnnotations: { verdict: 'allow', exempt: 'no-host-network,no-privilege-escalation' },
  });
  expect(findings.map((finding) => [finding.rule.id, projectedOutcomeOf(finding), finding.exemption?.name])).toEqual([
    ['no-host-network', 'none', 'cni'],
    ['no-privilege-escalation', 'none', 'cni'],
  ]);
});

test('ephemeral containers can be exempt by requester', () => {
  const before = podObject({ containers: [{ ...container, securityContext: { allowPrivilegeEscalation: false } }] });
  const debugging = {
    ...before,
    spec: { ...(before['spec'] as object), ephemeralContainers: [{ name: 'debugger', image: 'busybox:1' }] },
  };
  const request = requestFor(debugging, {
    operation: 'UPDATE',
    subResource: 'ephemeralcontainers',
    oldObject: before,
    userInfo: { username: 'bob', groups: ['sre'] },
  });
  const exempt = cni({ groups: ['sre'], containers: ['debugger*'] }, { rules: ['*'] });
  expect(decide('validate', request, worldWith(exempt)).verdict).toBe('allow');
  expect(decide('mutate', request, worldWith(exempt)).patchOperations).toBe(0);
  const asAlice = { ...request, userInfo: { username: 'alice', groups: [] } };
  expect(decide('validate', asAlice, worldWith(exempt)).verdict).toBe('deny');
  expect(decide('mutate', asAlice, worldWith(exempt)).patchOperations).toBe(1);
});

describe('a Job that a user creates from a CronJob with an exemption', () => {
  const world = worldWith(cni({ workloads: ['CronJob/backup'] }));
  const job = (name: string, annotations: object = { 'cronjob.kubernetes.io/instantiate': 'manual' }) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: 'shop',
      annotations,
      ownerReferences: [{ ...reference('CronJob', 'backup'), apiVersion: 'batch/v1' }],
    },
    spec: { template: { spec: onHost } },
  });
  const denial = (object: object, within = world) =>
    decide('validate', requestFor(object), within).response.status?.message;
  const refused = (name: string): string => `Job shop/${name} is refused by 1 rule: no-host-network
  hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
    (no-host-network)
    spec.template.spec.hostNetwork
Why and how: podwright explain no-host-network`;

  test('is denied with the reason why it is not exempt, and what to do', () => {
    expect(denial(job('backup-now'))).toBe(`${refused('backup-now')}
  Note: exemption cni covers CronJob/backup, not a Job that a user creates from it; ask
    team-platform to add Job/backup-* to its workloads`);
    expect(denial(job('rescue'))).toContain('ask\n    team-platform to add Job/rescue to its workloads');
  });

  test('and following that advice is enough', () => {
    const extended = worldWith(cni({ workloads: ['CronJob/backup', 'Job/backup-*'] }));
    expect(denial(job('backup-now'), extended)).toBeUndefined();
  });

  test('gets no such advice if the exemption does not cover it or has expired, or the Job was not created that way', () => {
    const others = [cni({ workloads: ['CronJob/other'] }), cni({ workloads: ['CronJob/backup'] }, { expiresAt: 0 })];
    expect([
      ...others.map((exemption) => denial(job('backup-now'), worldWith(exemption))),
      denial(job('backup-now', {})),
    ]).toEqual([refused('backup-now'), refused('backup-now'), refused('backup-now')]);
  });
});
