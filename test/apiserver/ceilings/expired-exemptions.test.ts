import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from '../support/kubectl.ts';
import { deployment, startPodwright } from '../support/podwright.ts';
import { changePolicy, lean, policyWith, rejectionOf, silent } from './policies.ts';

const namespace = 'ceilings-expiry';
const exemptions = (expires: string): string => `exemptions:
- name: by-workload
  rules: [require-cpu-request]
  match: { namespaces: [${namespace}], workloads: ["*/lean"] }
  reason: until it is measured
  owner: team
  expires: ${expires}
- name: by-user
  rules: [require-cpu-request]
  match: { namespaces: [${namespace}], users: [admin] }
  reason: knows what it needs
  owner: platform`;

const { spec, ...leanDeployment } = deployment('lean', 1, lean);
const workloads = [
  ['deployment.apps/lean', 'ReplicaSet', { ...leanDeployment, spec }],
  [
    'statefulset.apps/lean',
    'StatefulSet',
    { ...leanDeployment, kind: 'StatefulSet', spec: { ...spec, serviceName: 'lean' } },
  ],
] as const;
let alice: Kubectl;
let admin: Kubectl;

const apply = (who: Kubectl, object: unknown) => who.send(object, 'apply', '-f', '-');
const changed = async (name: string) => (await alice('set', 'env', name, 'STAGE=late')).stderr.split('\n')[0];

beforeAll(async () => {
  const kubectl = await kubectlIn(namespace);
  const as = (user: string) => kubectl.as(user, 'system:masters', 'system:authenticated');
  [alice, admin] = [as('alice'), as('admin')];
  const podwright = await startPodwright(policyWith(exemptions('2999-12-31')));
  for (const [name, , object] of workloads) {
    expect(await apply(alice, object)).toEqual(silent(`${name} created`));
    await wanted(kubectl('rollout', 'status', name, '--timeout=60s'));
  }
  await changePolicy(podwright, exemptions('2020-01-31'));
  return podwright.stop;
});

describe.each(workloads)('%s, whose exemption has expired', (name, controller, object) => {
  test('is applied again and restarted in silence', async () => {
    expect(await apply(alice, object)).toEqual(silent(`${name} unchanged`));
    expect(await alice('rollout', 'restart', name)).toEqual(silent(`${name} restarted`));
  });

  test('gets no more Pods, and the first line of the event names the rule', async () => {
    const [first = ''] = (await rejectionOf('lean', controller, alice)).split('\n');
    expect(first).toMatch(/Pod ceilings-expiry\/lean-(0|HASH-\*) is refused by 1 rule: require-cpu-request$/);
  });

  test('has no existing finding when its template changes', async () => {
    expect(await changed(name)).toMatch(/ is refused by 1 rule: require-cpu-request$/);
  });
});

describe('a Deployment that only an administrator could create', () => {
  const granted = deployment('granted', 0, lean);

  test('is applied again and restarted in silence by others', async () => {
    expect((await apply(alice, granted)).code).toBe(1);
    expect(await apply(admin, granted)).toEqual(silent('deployment.apps/granted created'));
    expect(await apply(alice, granted)).toEqual(silent('deployment.apps/granted unchanged'));
    expect(await alice('rollout', 'restart', 'deployment.apps/granted')).toEqual(
      silent('deployment.apps/granted restarted'),
    );
  });

  test('cannot be changed by them', async () => {
    expect(await changed('deployment.apps/granted')).toMatch(/ is refused by 1 rule: require-cpu-request$/);
    expect(await admin('set', 'env', 'deployment.apps/granted', 'STAGE=late')).toEqual(
      silent('deployment.apps/granted env updated'),
    );
  });
});
