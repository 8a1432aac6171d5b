import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

const namespace = 'old-objects';
const finalizers = ['podwright.dev/test'];
/** The same image by another name. */
const otherImage = inject('image').replace(/^docker\.io\/(?:library\/)?/, '');
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  const bad = { spec: { hostNetwork: true, terminationGracePeriodSeconds: 1 }, container: { resources: {} } };
  await kubectl.create(pod('bad', { ...bad, metadata: { finalizers } }));
  await kubectl.create(deployment('bad', 1, bad));
  await wanted(kubectl('rollout', 'status', 'deployment/bad'));
  await wanted(kubectl.send(worse('NET_ADMIN', '/var/log/app', true, inject('image')), 'apply', '-f', '-'));
  podwright = await startPodwright();
  return podwright.stop;
});

const done = (stdout: string) => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });

describe('a bad Pod from before the webhooks', () => {
  test('can be labelled and annotated without a call to the webhook', async () => {
    const before = await kubectl.get('pod', 'bad');
    expect(await kubectl('label', 'pod', 'bad', 'stage=late')).toEqual(done('pod/bad labeled'));
    expect(await kubectl('annotate', 'pod', 'bad', 'note=old')).toEqual(done('pod/bad annotated'));
    const after = await kubectl.get('pod', 'bad');
    expect(after.metadata).toMatchObject({ labels: { stage: 'late' }, annotations: { note: 'old' } });
    expect(after.spec).toEqual(before.spec);
    await podwright.answered();
    expect(await podwright.decisionsOn(namespace, 'bad', 0)).toEqual([]);
  });

  test('can get another image, with warnings for existing findings', async () => {
    const before = await kubectl.get('pod', 'bad');
    const { code, stdout, stderr } = await kubectl('set', 'image', 'pod/bad', `app=${otherImage}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pod/bad image updated\n' });
    const warnings = stderr.trimEnd().split('\n');
    expect(warnings.filter((line) => !/^Warning: .{1,120}$/u.test(line))).toEqual([]);
    expect(warnings.map((line) => /\(([a-z-]+)\)$/.exec(line)?.[1] ?? line)).toEqual([
      'no-host-network',
      'no-privilege-escalation',
      'run-as-non-root',
      'drop-all-capabilities',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'Warning: podwright: and 2 more; see them all with podwright audit',
    ]);
    const after = await kubectl.get('pod', 'bad');
    const containers = before.spec.containers.map((container) => ({ ...container, image: otherImage }));
    expect(after.spec).toEqual({ ...before.spec, containers });
    const decisions = await podwright.decisionsOn(namespace, 'bad', 1);
    expect(decisions).toMatchObject([
      { webhook: 'pods.validate.podwright.dev', operation: 'UPDATE', patchOperations: 0 },
    ]);
    expect(decisions[0]?.findings.map(({ rule, mode }) => `${rule} ${mode}`)).toMatchInlineSnapshot(`
      [
        "no-host-network warn",
        "no-privilege-escalation warn",
        "run-as-non-root warn",
        "drop-all-capabilities warn",
        "require-cpu-request warn",
        "require-memory-limit warn",
        "require-memory-request warn",
        "require-seccomp-profile warn",
        "no-bare-pods warn",
        "no-service-account-token audit",
        "read-only-root-filesystem audit",
        "explicit-user-and-group audit",
        "explicit-user-and-group audit",
      ]
    `);
  });

  test('can be deleted, and disappears when its finalizer is removed', async () => {
    expect((await kubectl('delete', 'pod', 'bad', '--wait=false')).code).toBe(0);
    const patch = JSON.stringify({ metadata: { finalizers: null } });
    expect(await kubectl('patch', 'pod', 'bad', '--type', 'merge', '-p', patch)).toEqual(done('pod/bad patched'));
    await wanted(kubectl('wait', '--for=delete', 'pod/bad', '--timeout=30s'));
  });
});

describe('a Deployment with a bad template from before the webhooks', () => {
  test('may be scaled, and an event on its ReplicaSet says why no Pod comes', async () => {
    const scaled = await kubectl('scale', 'deployment', 'bad', '--replicas=2');
    expect(scaled).toEqual(done('deployment.apps/bad scaled'));
    await until('an event on the ReplicaSet', async () => (await refusals()).length > 0);
    const [message, ...others] = await refusals();
    expect(others).toEqual([]);
    expect(message?.replaceAll(/bad-[a-z\d]+-\*/g, 'bad-HASH-*')).toMatchInlineSnapshot(`
      "Error creating: admission webhook "pods.validate.podwright.dev" denied the request: Pod old-objects/bad-HASH-* is refused by 3 rules: no-host-network, require-cpu-request, require-memory-request
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.hostNetwork
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
        container "app": requests no memory; set resources.requests.memory (require-memory-request)
          spec.containers[0].resources.requests.memory
      Why and how: podwright explain no-host-network"
    `);
    expect(await running()).toBe(1);
  });

  test('may be changed elsewhere, with warnings', async () => {
    const { code, stdout, stderr } = await kubectl('set', 'env', 'deployment/bad', 'STAGE=late');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'deployment.apps/bad env updated\n' });
    expect(stderr).toContain(
      'Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)\n',
    );
  });

  test('may not get worse', async () => {
    const patch = {
      spec: { template: { spec: { containers: [{ name: 'app', securityContext: { privileged: true } }] } } },
    };
    const refused = await kubectl('patch', 'deployment', 'bad', '-p', JSON.stringify(patch));
    expect(refused).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): admission webhook "workloads.validate.podwright.dev" denied the request: Deployment old-objects/bad is refused by 1 rule: no-privileged-containers
        container "app": is privileged; remove securityContext.privileged and add only the capabilities it
          needs (no-privileged-containers)
          spec.template.spec.containers[0].securityContext.privileged
      Why and how: podwright explain no-privileged-containers
      ",
        "stdout": "",
      }
    `);
  });

  test('may be deleted', async () => {
    expect((await kubectl('delete', 'deployment', 'bad')).code).toBe(0);
  });
});

describe('a Deployment that had capabilities and a path of the node', () => {
  const updated = async (capability: string, path: string, readOnly: boolean, image = otherImage) => {
    const { code } = await kubectl.send(worse(capability, path, readOnly, image), 'apply', '-f', '-');
    return code;
  };

  test('ships, and may not have more of either', async () => {
    expect(await updated('NET_ADMIN', '/var/log/app', true)).toBe(0);
    expect(await updated('SYS_ADMIN', '/var/log/app', true)).toBe(1);
    expect(await updated('NET_ADMIN', '/', true)).toBe(1);
    expect(await updated('NET_ADMIN', '/var/log/app', false)).toBe(1);
    expect(await updated('NET_ADMIN', '/var/log/app', true, 'evil.example/miner:1')).toBe(1);
  });
});

function worse(capability: string, path: string, readOnly: boolean, image: string) {
  return deployment('worse', 0, {
    spec: { volumes: [{ name: 'logs', hostPath: { path } }] },
    container: {
      image,
      securityContext: { capabilities: { add: [capability] } },
      volumeMounts: [{ name: 'logs', mountPath: '/logs', readOnly }],
    },
  });
}

/** The distinct messages of events that say that a Pod could not be created. */
async function refusals(): Promise<string[]> {
  const selector = 'involvedObject.kind=ReplicaSet,reason=FailedCreate';
  const { items } = await kubectl.get<{ items: { message: string }[] }>('events', '--field-selector', selector);
  return [...new Set(items.map(({ message }) => message))];
}

async function running(): Promise<number> {
  const { items } = await kubectl.get<{ items: unknown[] }>('pods', '-l', 'app=bad');
  return items.length;
}
