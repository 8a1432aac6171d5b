import { expect, test } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import type { PatchOperation } from '../../src/patch/json-patch.ts';
import { onlyRules } from '../support/policies.ts';
import { podObject, requestFor } from '../support/requests.ts';

const policy = onlyRules(['pre-stop-sleep', 'grace-period-covers-pre-stop']);
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: '1', controller: true };
const controller = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] };

interface Pod {
  readonly spec: { readonly terminationGracePeriodSeconds: number; readonly containers: readonly object[] };
}

/** The Pod after the mutating webhook was asked. */
function repaired(pod: unknown, userInfo = controller): Pod {
  const { response } = decide('mutate', requestFor(pod, { userInfo }), { policy, minor: 36 });
  const patch = JSON.parse(Buffer.from(response.patch ?? 'W10=', 'base64').toString()) as PatchOperation[];
  return applyPatch(pod, patch) as Pod;
}

const app = { name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] };
const sleeping = (name: string, seconds: number) => ({
  name,
  image: `${name}:1`,
  lifecycle: { preStop: { sleep: { seconds } } },
});
const made = (grace: number, ...containers: object[]) =>
  podObject({ terminationGracePeriodSeconds: grace, containers }, { name: 'web-1-x', ownerReferences: [owner] });
const withInjected = (pod: Pod, container: object) => ({
  ...pod,
  spec: { ...pod.spec, containers: [...pod.spec.containers, container] },
});

const proxy = { name: 'proxy', image: 'proxy:1', ports: [{ containerPort: 4143 }] };

test.each([
  { what: 'a proxy without a hook', injected: proxy, grace: 30, stored: 40 },
  { what: 'a proxy that sleeps for less', injected: sleeping('proxy', 5), grace: 30, stored: 40 },
  { what: 'a proxy that sleeps as long', injected: sleeping('proxy', 10), grace: 30, stored: 40 },
  { what: 'a proxy that sleeps for longer', injected: sleeping('proxy', 30), grace: 30, stored: 50 },
  { what: 'a proxy, and a grace period that was chosen', injected: sleeping('proxy', 30), grace: 60, stored: 60 },
  { what: 'a proxy, and a short one', injected: proxy, grace: 15, stored: 15 },
])('the order of webhooks makes no difference: $what', ({ injected, grace, stored }) => {
  const before = repaired(made(grace, app, injected));
  const after = repaired(withInjected(repaired(made(grace, app)), injected));
  expect(after.spec).toEqual(before.spec);
  expect(before.spec.terminationGracePeriodSeconds).toBe(stored);
  expect(repaired(after)).toEqual(after);
});

test('a partner sleeps as long as the container that sleeps longest, also if another webhook adds that one later', () => {
  const client = { name: 'client', image: 'client:1' };
  const slow = { ...sleeping('proxy', 25), ports: [{ containerPort: 4143 }] };
  const before = repaired(made(30, app, client, slow));
  const after = repaired(withInjected(repaired(made(30, app, client)), slow));
  expect(after.spec).toEqual(before.spec);
  expect(before.spec).toEqual({
    terminationGracePeriodSeconds: 55,
    containers: [
      { ...app, lifecycle: { preStop: { sleep: { seconds: 10 } } } },
      { ...client, lifecycle: { preStop: { sleep: { seconds: 25 } } } },
      slow,
    ],
  });
  expect(repaired(after)).toEqual(after);
});

test('a shorter sleep that its author wrote is kept beside a longer one', () => {
  const slow = { ...sleeping('slow', 25), ports: [{ containerPort: 4143 }] };
  const injected = withInjected(withInjected(repaired(made(30, app)), sleeping('client', 5)), slow);
  expect(repaired(injected).spec.containers).toEqual(injected.spec.containers);
  const pod = made(60, sleeping('client', 5), { ...sleeping('proxy', 25), ports: [{ containerPort: 4143 }] });
  expect(repaired(pod)).toEqual(pod);
});

test('a Pod that a user or an operator creates keeps its grace period', () => {
  const alice = { username: 'alice', groups: [] };
  const stored = [30, 60, 25].map((grace) => repaired(made(grace, app), alice).spec);
  const hook = { lifecycle: { preStop: { sleep: { seconds: 10 } } } };
  expect(stored).toEqual([
    { terminationGracePeriodSeconds: 30, containers: [{ ...app, ...hook }] },
    { terminationGracePeriodSeconds: 60, containers: [{ ...app, ...hook }] },
    { terminationGracePeriodSeconds: 25, containers: [app] },
  ]);
});

test('a grace period that its author chose is kept, even if it is what a fix would have set', () => {
  const slow = sleeping('slow', 60);
  expect(repaired(made(40, app, slow)).spec.terminationGracePeriodSeconds).toBe(40);
  expect(repaired(made(60, app, slow, sleeping('quick', 40))).spec.terminationGracePeriodSeconds).toBe(60);
  const injected = withInjected(repaired(made(60, app, sleeping('quick', 40))), slow);
  expect(repaired(injected).spec.terminationGracePeriodSeconds).toBe(60);
});
