import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, type StoredPod, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { changePolicy, lean, policyWith, rejectionOf } from './policies.ts';

const namespace = 'ceilings-controllers';
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  // from before there was a Podwright
  await kubectl.create(deployment('steady', 1, lean));
  const { spec, ...rest } = deployment('ordered', 1, lean);
  await kubectl.create({ ...rest, kind: 'StatefulSet', spec });
  await wanted(kubectl('rollout', 'status', 'deployment/steady'));
  await wanted(kubectl('rollout', 'status', 'statefulset/ordered'));
  podwright = await startPodwright(policyWith());
  return podwright.stop;
});

describe('controllers', () => {
  const uids = async (app: string): Promise<string[]> => {
    const { items } = await kubectl.get<{ items: (StoredPod & { metadata: { uid: string } })[] }>(
      'pods',
      '-l',
      `app=${app}`,
      '--field-selector=status.phase=Running',
    );
    return items.filter(({ metadata }) => !('deletionTimestamp' in metadata)).map(({ metadata }) => metadata.uid);
  };
  const nameOf = async (app: string): Promise<string> =>
    (await wanted(kubectl('get', 'pods', '-l', `app=${app}`, '-o', 'jsonpath={.items[0].metadata.name}'))).stdout;
  const evict = async (app: string): Promise<void> => {
    const name = await nameOf(app);
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    await wanted(kubectl.send(eviction, 'create', '--raw', path, '-f', '-'));
  };
  /** Waits until another Pod runs in place of the one that was evicted. */
  const replaced = async (app: string): Promise<void> => {
    const before = await uids(app);
    await evict(app);
    await until(`another Pod of ${app}`, async () => {
      const now = await uids(app);
      return now.length === 1 && !before.includes(now[0] ?? '');
    });
  };

  test('warn: existing Pods are recreated when their node is drained', async () => {
    await changePolicy(podwright, 'controllers: warn');
    for (const app of ['steady', 'ordered']) await replaced(app);
    const decision = (await podwright.decisionsOn(namespace, await nameOf('steady'), 1)).find(
      ({ operation }) => operation === 'CREATE',
    );
    expect(decision).toMatchObject({
      verdict: 'audit_deny',
      findings: [{ rule: 'require-cpu-request', mode: 'warn' }],
    });
    expect(await kubectl.get('pod', await nameOf('steady'))).toMatchObject({
      metadata: { annotations: { 'podwright.dev/fixed': 'no-privilege-escalation' } },
    });
  });

  test('warn: a Pod without a controller, or with a forged one, is denied', async () => {
    expect((await kubectl.send(pod('bare', lean), 'create', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ceilings-controllers/bare is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      "
    `);
    const { items } = await kubectl.get<{ items: { metadata: { name: string; uid: string } }[] }>(
      'replicasets',
      '-l',
      'app=steady',
    );
    const [{ metadata }] = items as [{ metadata: { name: string; uid: string } }];
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, ...metadata }].map(
      ({ apiVersion, kind, controller, name, uid }) => ({ apiVersion, kind, controller, name, uid }),
    );
    const claiming = pod('claiming', { ...lean, metadata: { ownerReferences } });
    expect((await kubectl.send(claiming, 'create', '-f', '-')).stderr).toContain('(require-cpu-request)');
  });

  test('enforce: it does not come back, and an event says why', async () => {
    await changePolicy(podwright, 'controllers: enforce');
    await evict('steady');
    await evict('ordered');
    expect(await rejectionOf('steady-HASH-*', 'ReplicaSet', kubectl)).toMatchInlineSnapshot(`
      "Error creating: admission webhook "pods.validate.podwright.dev" denied the request: Pod ceilings-controllers/steady-HASH-* is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request"
    `);
    expect(await rejectionOf('ordered-', 'StatefulSet', kubectl)).toMatchInlineSnapshot(`
      "Create Pod ordered-0 in StatefulSet ordered failed error: admission webhook "pods.validate.podwright.dev" denied the request: Pod ceilings-controllers/ordered-0 is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request"
    `);
    expect([await uids('steady'), await uids('ordered')]).toEqual([[], []]);
  });

  test("warn: the Pod is recreated at the controller's next attempt", async () => {
    await changePolicy(podwright, 'controllers: warn');
    // by itself a controller that was refused asks at ever longer intervals; a change of its object wakes it
    await wanted(kubectl('annotate', '--all', '--overwrite', 'replicasets,statefulsets', `woken=${Date.now()}`));
    for (const app of ['steady', 'ordered']) await until(`a Pod of ${app}`, async () => (await uids(app)).length === 1);
  });
});
