import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { expectAllPatchesApplied } from './support/patches.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'refusals';
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright();
  return podwright.stop;
});

const onHostNetwork = { spec: { hostNetwork: true } };
const withoutRequests = { container: { resources: {} } };

describe('the built-in policy refuses', () => {
  test('a Pod on the host network', async () => {
    expect(await kubectl.send(pod('agent', onHostNetwork), 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod refusals/agent is refused by 1 rule: no-host-network
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.hostNetwork
      Why and how: podwright explain no-host-network
      ",
        "stdout": "",
      }
    `);
  });

  test('a Pod without requests', async () => {
    expect(await kubectl.send(pod('web', withoutRequests), 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod refusals/web is refused by 2 rules: require-cpu-request, require-memory-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.containers[0].resources.requests.memory
      Why and how: podwright explain require-cpu-request
      ",
        "stdout": "",
      }
    `);
  });

  test('a Pod with a generated name, by its prefix', async () => {
    const unnamed = pod('', { ...withoutRequests, metadata: { name: undefined, generateName: 'worker-' } });
    expect((await kubectl.send(unnamed, 'create', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod refusals/worker-* is refused by 2 rules: require-cpu-request, require-memory-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.containers[0].resources.requests.memory
      Why and how: podwright explain require-cpu-request
      "
    `);
  });

  test('a Deployment of such Pods, when it is applied', async () => {
    const both = { ...onHostNetwork, ...withoutRequests };
    expect(await kubectl.send(deployment('web', 1, both), 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.validate.podwright.dev" denied the request: Deployment refusals/web is refused by 3 rules: no-host-network, require-cpu-request, require-memory-request
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.template.spec.hostNetwork
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.template.spec.containers[0].resources.requests.memory
      Why and how: podwright explain no-host-network
      ",
        "stdout": "",
      }
    `);
  });

  test('neither a good Pod nor a good Deployment', async () => {
    const created = await kubectl.send(pod('good'), 'create', '-f', '-');
    expect(created.stdout).toBe('pod/good created\n');
    const applied = await kubectl.send(deployment('good', 0), 'apply', '-f', '-');
    expect(applied.stdout).toBe('deployment.apps/good created\n');
  });
});

test('a dry run gets the same verdict and the same repair, and stores nothing', async () => {
  const dry = await kubectl.send(pod('same', withoutRequests), 'create', '--dry-run=server', '-f', '-');
  expect(await kubectl.send(pod('same', withoutRequests), 'create', '-f', '-')).toEqual(dry);
  const decisions = await podwright.decisionsOn(namespace, 'same', 4);
  expect(decisions.map(({ webhook, dryRun, verdict }) => [webhook, dryRun, verdict])).toEqual([
    ['mutate.podwright.dev', true, 'allow'],
    ['pods.validate.podwright.dev', true, 'deny'],
    ['mutate.podwright.dev', false, 'allow'],
    ['pods.validate.podwright.dev', false, 'deny'],
  ]);
  const { metadata } = await kubectl.create(pod('dry'), '--dry-run=server');
  expect(metadata.annotations).toEqual({ 'podwright.dev/fixed': 'no-privilege-escalation,require-seccomp-profile' });
  expect((await kubectl('get', 'pod', 'dry')).code).toBe(1);
});

test('the API server applies every patch', () => expectAllPatchesApplied(podwright, namespace));
