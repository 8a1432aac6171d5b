import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { changePolicy, lean, policyWith, rejectionOf, silent, sound } from './policies.ts';

const namespace = 'ceilings-templates';
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright(policyWith());
  return podwright.stop;
});

describe('workloads', () => {
  test('warn: the template warns, and its Pods are denied in an event', async () => {
    await changePolicy(podwright, 'workloads: warn');
    expect(await kubectl.send(deployment('lean', 1, lean), 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
      ",
        "stdout": "deployment.apps/lean created
      ",
      }
    `);
    expect(await rejectionOf('lean-HASH-*', 'ReplicaSet', kubectl)).toMatchInlineSnapshot(`
      "Error creating: admission webhook "pods.validate.podwright.dev" denied the request: Pod ceilings-templates/lean-HASH-* is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request"
    `);
    await wanted(kubectl('wait', '--for=condition=ReplicaFailure', 'deployment/lean', '--timeout=30s'));
    expect((await kubectl('get', 'pods', '-l', 'app=lean', '-o', 'name')).stdout).toBe('');
  });

  test('audit: the template is silent, and recorded', async () => {
    await changePolicy(podwright, 'workloads: audit');
    const applied = await kubectl.send(deployment('leaner', 1, lean), 'apply', '-f', '-');
    expect(applied).toEqual(silent('deployment.apps/leaner created'));
    expect(await podwright.decisionsOn(namespace, 'leaner', 1)).toMatchObject([{ verdict: 'audit_deny' }]);
    expect(await rejectionOf('leaner-HASH-*', 'ReplicaSet', kubectl)).toContain('(require-cpu-request)');
  });

  test('warn: findings that will be repaired in Pods give no warning for the template', async () => {
    await changePolicy(podwright, 'workloads: warn');
    const good = deployment('good', 1, { container: sound });
    expect(await kubectl.send(good, 'apply', '-f', '-')).toEqual(silent('deployment.apps/good created'));
    await wanted(kubectl('rollout', 'status', 'deployment/good', '--timeout=60s'));
  });
});

describe('fixes', () => {
  const escalating = { container: sound };

  test('false: nothing is repaired, and what a fix would repair is denied', async () => {
    await changePolicy(podwright, 'fixes: false');
    expect(await kubectl.send(pod('escalating', escalating), 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ceilings-templates/escalating is refused by 1 rule: no-privilege-escalation
        container "app": may gain privileges; set securityContext.allowPrivilegeEscalation: false
          (no-privilege-escalation)
          spec.containers[0].securityContext.allowPrivilegeEscalation
      Why and how: podwright explain no-privilege-escalation
      ",
        "stdout": "",
      }
    `);
    const [mutation] = await podwright.decisionsOn(namespace, 'escalating', 2);
    expect(mutation).toMatchObject({ webhook: 'mutate.podwright.dev', fixed: [], patchOperations: 0 });
    const applied = await kubectl.send(deployment('escalating', 1, escalating), 'apply', '-f', '-');
    expect(applied.stderr).toContain(
      'Deployment ceilings-templates/escalating is refused by 1 rule: no-privilege-escalation\n  container "app": may gain',
    );
  });

  test('false under warn: it warns, and the Pod is as it was written', async () => {
    await changePolicy(podwright, 'fixes: false', 'mode: warn');
    expect(await kubectl.send(pod('escalating', escalating), 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": set securityContext.allowPrivilegeEscalation: false (no-privilege-escalation)
      ",
        "stdout": "pod/escalating created
      ",
      }
    `);
    const { metadata, spec } = await kubectl.get('pod', 'escalating');
    expect(metadata.annotations).toBeUndefined();
    expect(spec.containers[0]).not.toHaveProperty('securityContext');
  });

  test('true for one namespace: there it is repaired', async () => {
    await changePolicy(podwright, 'fixes: false', `namespaces: [{ match: { names: [${namespace}] }, fixes: true }]`);
    const { metadata, spec } = await kubectl.create(pod('repaired', escalating));
    expect(metadata.annotations).toEqual({ 'podwright.dev/fixed': 'no-privilege-escalation' });
    expect(spec.containers[0]).toHaveProperty('securityContext', { allowPrivilegeEscalation: false });
  });
});
