import type { CoreV1Event } from '@kubernetes/client-node';
import { beforeAll, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

const policy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: enforce
workloads: audit
rules:
  no-host-network: { mode: enforce }
  no-privilege-escalation: { mode: enforce, fix: true }
`;
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn('decision-events');
  podwright = await startPodwright(policy, { flags: ['--events'] });
  return podwright.stop;
});

/** What `kubectl get events` shows of Podwright's, once there are so many. */
async function events(object: string, count: number): Promise<readonly CoreV1Event[]> {
  let found: readonly CoreV1Event[] = [];
  await until(`${count} Events on ${object}`, async () => {
    const own = await kubectl.get<{ items: readonly CoreV1Event[] }>('events', '--field-selector=source=podwright');
    found = own.items.filter(({ involvedObject: { kind, name } }) => `${kind}/${name}`.startsWith(object));
    return found.length >= count;
  });
  return found;
}

const briefly = ({ involvedObject: { kind }, type, reason, message }: CoreV1Event) => [kind, type, reason, message];

test('denied Pods of a Deployment show on its ReplicaSet, once, where kubectl describe finds them', async () => {
  await kubectl.create(deployment('bad', 3, { spec: { hostNetwork: true } }));
  // Each Pod is repaired before it is denied.
  const found = await events('ReplicaSet/bad-', 2);
  const { name = '', uid } = found[0]?.involvedObject ?? {};
  expect(new Set(found.map(briefly))).toEqual(
    new Set([
      ['ReplicaSet', 'Normal', 'Repaired', 'a Pod was repaired: no-privilege-escalation'],
      ['ReplicaSet', 'Warning', 'Denied', `Pod decision-events/${name}-* is refused by 1 rule: no-host-network`],
    ]),
  );
  const { metadata } = await kubectl.get<{ metadata: { uid: string } }>('replicaset', name);
  expect(uid).toBe(metadata.uid);
  const { stdout } = await wanted(kubectl('describe', 'replicaset', name));
  expect(stdout).toMatch(/Warning +Denied .*podwright.* is refused by 1 rule: no-host-network/);
});

test('repaired Pods of a Deployment show on its ReplicaSet, once for all', async () => {
  await kubectl.create(deployment('good', 3));
  await wanted(kubectl('wait', '--for=jsonpath={.status.replicas}=3', 'deployment/good', '--timeout=60s'));
  const found = await events('ReplicaSet/good-', 1);
  expect(found.map(briefly)).toEqual([
    ['ReplicaSet', 'Normal', 'Repaired', 'a Pod was repaired: no-privilege-escalation'],
  ]);
});

test('a Pod that a person creates has them itself, and a dry run has none', async () => {
  const bad = (name: string) => pod(name, { spec: { hostNetwork: true } });
  await kubectl.send(bad('dry'), 'create', '--dry-run=server', '-f', '-');
  expect((await kubectl.send(bad('bare'), 'create', '-f', '-')).code).toBe(1);
  const found = await events('Pod/bare', 2);
  expect(new Set(found.map(briefly))).toEqual(
    new Set([
      ['Pod', 'Normal', 'Repaired', 'a Pod was repaired: no-privilege-escalation'],
      ['Pod', 'Warning', 'Denied', 'Pod decision-events/bare is refused by 1 rule: no-host-network'],
    ]),
  );
  expect(await events('Pod/dry', 0)).toEqual([]);
  expect(await podwright.metrics()).toContain('podwright_events_total{result="failed"} 0');
});
