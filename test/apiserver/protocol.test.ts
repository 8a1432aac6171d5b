import { beforeAll, describe, expect, test } from 'vitest';
import { creationEvents, ownAnnotations } from './support/audit-log.ts';
import { type Kubectl, kubectlIn } from './support/kubectl.ts';
import { expectAllPatchesApplied } from './support/patches.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'protocol';
const policy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  no-host-network: { mode: warn }
  no-privilege-escalation: { mode: enforce, fix: true }
  require-cpu-request: { mode: enforce }
  require-memory-request: { mode: warn }
`;
/** Keeps a Pod off the node: not every kubelet can resize. */
const nowhere = { nodeSelector: { 'kubernetes.io/hostname': 'nowhere' } };
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  await kubectl.create(pod('old', { spec: nowhere, container: { resources: { requests: { memory: '16Mi' } } } }));
  podwright = await startPodwright(policy);
  return podwright.stop;
});

const withoutMemory = { container: { resources: { requests: { cpu: '10m' } } } };

describe('kubectl prints', () => {
  test('warnings, the worst first', async () => {
    const warned = pod('warned', { ...withoutMemory, spec: { hostNetwork: true } });
    expect(await kubectl.send(warned, 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) (no-host-network)
      Warning: podwright: container "app": requests no memory; set resources.requests.memory (require-memory-request)
      ",
        "stdout": "pod/warned created
      ",
      }
    `);
  });

  test('one warning for all containers, and those of a template like those of a Pod', async () => {
    const { spec } = pod('', withoutMemory);
    const containers = [...spec.containers, ...spec.containers.map((one) => ({ ...one, name: 'shipper' }))];
    const workload = deployment('warned', 0, { spec: { containers } });
    expect((await kubectl.send(workload, 'create', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Warning: podwright: containers "app", "shipper": requests no memory; set resources.requests.memory (require-memory-request)
      "
    `);
  });

  test('no warnings in addition to a denial', async () => {
    const refused = pod('refused', { container: { resources: {} }, spec: { hostNetwork: true } });
    expect((await kubectl.send(refused, 'create', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod protocol/refused is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      "
    `);
  });
});

test('the audit log says what was decided', async () => {
  const events = await creationEvents(namespace);
  const annotationsOn = (resource: string, name: string) =>
    events.filter(({ objectRef }) => objectRef.resource === resource && objectRef.name === name).map(ownAnnotations);
  expect(annotationsOn('pods', 'warned')).toEqual([
    {
      'mutate.podwright.dev/fixed': 'no-privilege-escalation',
      'pods.validate.podwright.dev/findings': 'no-host-network,require-memory-request',
      'pods.validate.podwright.dev/verdict': 'allow',
    },
  ]);
  expect(annotationsOn('pods', 'refused')).toEqual([
    {
      'mutate.podwright.dev/fixed': 'no-privilege-escalation',
      'pods.validate.podwright.dev/findings': 'no-host-network,require-cpu-request,require-memory-request',
      'pods.validate.podwright.dev/verdict': 'deny',
    },
  ]);
  expect(annotationsOn('deployments', 'warned')).toEqual([
    {
      'workloads.validate.podwright.dev/findings': 'require-memory-request',
      'workloads.validate.podwright.dev/fixed': 'no-privilege-escalation',
      'workloads.validate.podwright.dev/verdict': 'allow',
    },
  ]);
});

test('a Pod that is sent once more as it was stored gets no second patch', async () => {
  const { metadata, spec } = await kubectl.create(pod('once'));
  const { annotations } = metadata;
  expect(annotations).toEqual({ 'podwright.dev/fixed': 'no-privilege-escalation' });
  const again = await kubectl.create(pod('again', { metadata: { annotations }, spec }));
  expect(again.metadata.annotations).toEqual(annotations);
  expect(again.spec).toEqual(spec);
  const operations = async (name: string): Promise<number[]> =>
    (await podwright.decisionsOn(namespace, name, 2)).map(({ patchOperations }) => patchOperations);
  expect(await operations('once')).toEqual([2, 0]);
  expect(await operations('again')).toEqual([0, 0]);
});

describe('a Pod from before the webhooks', () => {
  test('is not validated when its labels change', async () => {
    const before = await kubectl.get('pod', 'old');
    expect(await kubectl('label', 'pod', 'old', 'stage=late')).toEqual({
      code: 0,
      stdout: 'pod/old labeled\n',
      stderr: '',
    });
    expect((await kubectl.get('pod', 'old')).spec).toEqual(before.spec);
    await podwright.answered();
    expect(await podwright.decisionsOn(namespace, 'old', 0)).toEqual([]);
  });

  test('may be resized, by the rules on resources alone', async () => {
    const resized = await resize('old', { memory: '32Mi' });
    expect(resized).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
      ",
        "stdout": "pod/old patched
      ",
      }
    `);
    const [decision] = await podwright.decisionsOn(namespace, 'old', 1);
    expect(decision).toMatchObject({
      webhook: 'pods.validate.podwright.dev',
      operation: 'UPDATE',
      verdict: 'audit_deny',
    });
    expect(decision?.findings.map(({ rule, mode }) => [rule, mode])).toEqual([['require-cpu-request', 'warn']]);
  });
});

test('a resize that removes a request is denied', async () => {
  await kubectl.create(pod('shrinking', { spec: nowhere }));
  expect(await resize('shrinking', { cpu: '0' })).toMatchInlineSnapshot(`
    {
      "code": 1,
      "stderr": "Error from server (Forbidden): admission webhook "pods.validate.podwright.dev" denied the request: Pod protocol/shrinking is refused by 1 rule: require-cpu-request
      container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
        spec.containers[0].resources.requests.cpu
    Why and how: podwright explain require-cpu-request
    ",
      "stdout": "",
    }
  `);
});

test('the API server applies every patch', () => expectAllPatchesApplied(podwright, namespace));

function resize(name: string, requests: object) {
  const patch = { spec: { containers: [{ name: 'app', resources: { requests } }] } };
  return kubectl('patch', 'pod', name, '--subresource', 'resize', '--patch', JSON.stringify(patch));
}
