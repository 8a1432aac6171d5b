import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, type StoredPod, wanted } from '../support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from '../support/podwright.ts';
import { until } from '../support/until.ts';
import { admittedAs, namespaceOf, repaired, sharedPolicy, untouched } from './shared-policy.ts';

let podwright: Podwright;

beforeAll(async () => {
  podwright = await startPodwright(sharedPolicy);
  return podwright.stop;
});

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}

const ownedBy = ({ apiVersion, kind, metadata: { name, uid } }: Owner) => ({
  ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
});

describe('a DaemonSet that is exempt', () => {
  const onHost = { spec: { hostNetwork: true }, container: { resources: {} } };
  let kubectl: Kubectl;
  let alice: Kubectl;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-network', 'enforce');
    await wanted(kubectl('create', 'rolebinding', 'team', '--clusterrole=admin', '--user=alice'));
    alice = kubectl.as('alice');
  });
  afterAll(() => wanted(kubectl('delete', 'daemonset', 'calico-node')));

  test('runs on the host network, as it was written', async () => {
    const { spec, ...rest } = deployment('calico-node', 1, onHost);
    const { replicas: _, ...template } = spec;
    const daemonSet = { ...rest, kind: 'DaemonSet', spec: template };
    const applied = await kubectl.send(daemonSet, 'apply', '-f', '-');
    expect(applied).toEqual({ code: 0, stdout: 'daemonset.apps/calico-node created\n', stderr: '' });
    await wanted(kubectl('rollout', 'status', 'daemonset/calico-node', '--timeout=60s'));
    const { items } = await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'app=calico-node');
    expect(items.map(admittedAs)).toEqual([untouched]);
    expect(items).toMatchObject([{ spec: { hostNetwork: true }, status: { phase: 'Running' } }]);
    const recorded = [
      'no-host-network',
      'no-privilege-escalation',
      'require-cpu-request',
      'require-memory-limit',
      'require-seccomp-profile',
    ];
    for (const name of ['calico-node', items[0]?.metadata.name ?? '']) {
      const [decision] = await podwright.decisionsOn('ten-network', name, 1);
      expect(decision).toMatchObject({ verdict: 'allow', patchOperations: 0 });
      expect(decision?.exempt.toSorted((a, b) => (a.rule < b.rule ? -1 : 1))).toEqual(
        recorded.map((rule) => ({ rule, exemption: 'cni' })),
      );
    }
  });

  test('cannot be impersonated by other Pods', async () => {
    const daemonSet = await kubectl.get<Owner>('daemonset', 'calico-node');
    const forged = pod('forged', { ...onHost, metadata: ownedBy(daemonSet) });
    expect(await alice.send(forged, 'create', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ten-network/forged is refused by 2 rules: no-host-network, require-cpu-request
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.hostNetwork
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.containers[0].resources.requests.cpu
      Why and how: podwright explain no-host-network
      ",
        "stdout": "",
      }
    `);
    const decision = (await podwright.decisionsOn('ten-network', 'forged', 2)).find(
      ({ webhook }) => webhook === 'pods.validate.podwright.dev',
    );
    expect(decision).toMatchObject({ user: 'alice', owner: 'DaemonSet/calico-node', verdict: 'deny', exempt: [] });
  });

  test('does not exempt a Deployment that claims it as owner', async () => {
    const daemonSet = await kubectl.get<Owner>('daemonset', 'calico-node');
    const { metadata, ...rest } = deployment('forged', 1, onHost);
    const forged = { ...rest, metadata: { ...metadata, ...ownedBy(daemonSet) } };
    expect(await alice.send(forged, 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.validate.podwright.dev" denied the request: Deployment ten-network/forged is refused by 2 rules: no-host-network, require-cpu-request
        hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)
          (no-host-network)
          spec.template.spec.hostNetwork
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.template.spec.containers[0].resources.requests.cpu
      Why and how: podwright explain no-host-network
      ",
        "stdout": "",
      }
    `);
  });
});

describe('an operator', () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'clusters.database.example' },
    spec: {
      group: 'database.example',
      scope: 'Namespaced',
      names: { plural: 'clusters', singular: 'cluster', kind: 'Cluster' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
  const privileged = { container: { securityContext: { privileged: true } } };
  let kubectl: Kubectl;
  let cluster: Owner;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-orders', 'enforce');
    await kubectlIn('ten-operators');
    await wanted(kubectl.send(crd, 'apply', '-f', '-'));
    await wanted(kubectl('wait', '--for=condition=established', 'crd/clusters.database.example', '--timeout=30s'));
    const object = { apiVersion: 'database.example/v1', kind: 'Cluster', metadata: { name: 'orders' } };
    cluster = await kubectl.create<Owner>(object);
    const accounts = ['ten-operators:database', 'ten-orders:database'].map((name) => `--serviceaccount=${name}`);
    await wanted(kubectl('create', 'rolebinding', 'operators', '--clusterrole=admin', ...accounts));
  });
  afterAll(() => wanted(kubectl('delete', 'crd', 'clusters.database.example')));

  const createdBy = (namespace: string, name: string) =>
    kubectl
      .as(`system:serviceaccount:${namespace}:database`)
      .send(pod(name, { ...privileged, metadata: ownedBy(cluster) }), 'create', '-f', '-');

  test('that the policy lists is trusted about the owners of its Pods', async () => {
    expect(await createdBy('ten-operators', 'orders-0')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      ",
        "stdout": "pod/orders-0 created
      ",
      }
    `);
    const decision = (await podwright.decisionsOn('ten-orders', 'orders-0', 2)).find(
      ({ webhook }) => webhook === 'pods.validate.podwright.dev',
    );
    expect(decision).toMatchObject({
      owner: 'Cluster/orders',
      exempt: [{ rule: 'no-privileged-containers', exemption: 'databases' }],
    });
    expect(admittedAs(await kubectl.get('pod', 'orders-0'))).toEqual({
      annotations: { 'podwright.dev/fixed': 'require-seccomp-profile' },
      pod: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ privileged: true }],
    });
  });

  test('that the policy does not list is not trusted, even in the same namespace', async () => {
    expect(await createdBy('ten-orders', 'orders-1')).toMatchInlineSnapshot(`
      {
        "code": 1,
        "stderr": "Error from server (Forbidden): error when creating "STDIN": admission webhook "pods.validate.podwright.dev" denied the request: Pod ten-orders/orders-1 is refused by 1 rule: no-privileged-containers
        container "app": is privileged; remove securityContext.privileged and add only the capabilities it
          needs (no-privileged-containers)
          spec.containers[0].securityContext.privileged
      Why and how: podwright explain no-privileged-containers
      ",
        "stdout": "",
      }
    `);
  });
});

describe('the owner of a CronJob', () => {
  let kubectl: Kubectl;

  beforeAll(async () => {
    kubectl = await namespaceOf('ten-batch', 'enforce');
  });

  test('is warned once, when applying it', async () => {
    const { spec } = pod('', { container: { command: ['true'], resources: {} } });
    const jobTemplate = { spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } };
    const cronJob = (name: string) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: { schedule: '* * * * *', jobTemplate },
    });
    expect(await kubectl.send(cronJob('nightly'), 'apply', '-f', '-')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "Warning: podwright: container "app": has no memory limit; set resources.limits.memory (require-memory-limit)
      ",
        "stdout": "cronjob.batch/nightly created
      ",
      }
    `);
    expect((await kubectl.send(cronJob('weekly'), 'apply', '-f', '-')).stderr).toMatchInlineSnapshot(`
      "Error from server (Forbidden): error when creating "STDIN": admission webhook "workloads.validate.podwright.dev" denied the request: CronJob ten-batch/weekly is refused by 1 rule: require-cpu-request
        container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)
          spec.jobTemplate.spec.template.spec.containers[0].resources.requests.cpu
      Why and how: podwright explain require-cpu-request
      "
    `);
  });

  test('has its exemption for the Pods of its Jobs, which run', async () => {
    const jobs = async () =>
      (await kubectl.get<{ items: { metadata: { name: string }; status: { succeeded?: number } }[] }>('jobs')).items;
    await until('a Job to succeed', async () => (await jobs()).some(({ status }) => status.succeeded === 1), 100);
    await wanted(kubectl('patch', 'cronjob', 'nightly', '-p', '{"spec":{"suspend":true}}'));
    const [{ metadata } = { metadata: { name: '' } }] = await jobs();
    expect(metadata.name).toMatch(/^nightly-\d+$/);
    const { items } = await kubectl.get<{ items: StoredPod[] }>('pods', '-l', `job-name=${metadata.name}`);
    expect(items.map(admittedAs)).toEqual([repaired]);
    const exempt = [{ rule: 'require-cpu-request', exemption: 'nightly-report' }];
    const [ofJob] = await podwright.decisionsOn('ten-batch', metadata.name, 1);
    expect(ofJob).toMatchObject({ kind: 'Job', owner: 'CronJob/nightly', verdict: 'allow', exempt });
    expect(ofJob?.findings.map(({ rule, mode }) => `${rule} ${mode}`)).toMatchInlineSnapshot(`
      [
        "no-privilege-escalation audit",
        "require-cpu-request audit",
        "require-memory-limit audit",
        "require-seccomp-profile audit",
      ]
    `);
    const [ofPod] = await podwright.decisionsOn('ten-batch', items[0]?.metadata.name ?? '', 1);
    expect(ofPod).toMatchObject({ kind: 'Pod', owner: `Job/${metadata.name}`, verdict: 'allow', exempt });
    expect(ofPod?.findings.map(({ rule, mode }) => `${rule} ${mode}`)).toMatchInlineSnapshot(`
      [
        "require-cpu-request enforce",
        "require-memory-limit warn",
      ]
    `);
    const { items: events } = await kubectl.get<{ items: { message: string }[] }>('events');
    expect(events.filter(({ message }) => message.includes('podwright'))).toEqual([]);
  });
});
