import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { decide } from '../src/admission/decide.ts';
import type { AdmissionRequest } from '../src/admission/review.ts';
import type { World } from '../src/admission/world.ts';
import { applyPatch } from '../src/patch/apply-patch.ts';
import type { PatchOperation } from '../src/patch/json-patch.ts';
import { loadPolicy } from '../src/policy/load.ts';
import { rules } from '../src/rules/index.ts';
import { requestFor } from './support/requests.ts';

interface PodLike {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: object };
  readonly spec: { readonly initContainers?: readonly { readonly name: string; readonly image: string }[] };
}

interface Workload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'Service';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly template: Pick<PodLike, 'spec'> & { readonly metadata: { readonly labels: object } } };
}

const objectsOf = (file: string): unknown[] =>
  parseAllDocuments(readFileSync(join(import.meta.dirname, `real/${file}.yaml`), 'utf8')).map(
    (document) => document.toJS() as unknown,
  );

const workload = (file: string, name: string): Workload =>
  (objectsOf(file) as Workload[]).find(
    ({ kind, metadata }) => kind !== 'Service' && metadata.name === name,
  ) as Workload;

let world: World;
beforeAll(async () => {
  const text = readFileSync(join(import.meta.dirname, '../examples/policies/add-ons.yaml'), 'utf8');
  const loaded = await loadPolicy(text, rules);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  world = { policy: loaded.policy, minor: 36, now: Date.parse('2026-01-01T00:00:00Z') };
});

const controllerNamed = (name: string): AdmissionRequest['userInfo'] => ({
  username: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
});
const human = { username: 'alice', groups: ['system:authenticated'] };

/** A Pod of the workload as its controller makes it. */
function podOf({ kind, metadata, spec: { template } }: Workload): PodLike {
  const hash = '6d4cf56db6';
  const labels =
    kind === 'Deployment' ? { ...template.metadata.labels, 'pod-template-hash': hash } : template.metadata.labels;
  const owner =
    kind === 'Deployment'
      ? { kind: 'ReplicaSet', name: `${metadata.name}-${hash}` }
      : { kind: 'DaemonSet', name: metadata.name };
  const reference = { apiVersion: 'apps/v1', ...owner, uid: '1', controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      labels,
      name: `${metadata.name}-x2x9k`,
      namespace: metadata.namespace,
      ownerReferences: [reference],
    },
    spec: template.spec,
  } as PodLike;
}

const controllerOf = ({ kind }: Workload): AdmissionRequest['userInfo'] =>
  controllerNamed(kind === 'Deployment' ? 'replicaset-controller' : 'daemon-set-controller');

interface Outcome {
  readonly verdict: string;
  /** Exemption → the rules whose findings it covers. */
  readonly exempt: Readonly<Record<string, string>>;
}

/** What becomes of a new Pod, repairs included. */
function outcomeOf(object: PodLike | Workload, userInfo: AdmissionRequest['userInfo']): Outcome {
  const request = (current: unknown) =>
    requestFor(current, { userInfo, namespace: object.metadata.namespace, name: object.metadata.name });
  const { patch = '' } = decide('mutate', request(object), world).response;
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString() || '[]') as PatchOperation[];
  const { verdict, findings } = decide('validate', request(applyPatch(object, operations)), world);
  const covered = findings.flatMap(({ rule, exemption }) => (exemption ? [[exemption.name, rule.id] as const] : []));
  return {
    verdict,
    exempt: Object.fromEntries(
      [...Map.groupBy(covered, ([name]) => name)].map(([name, found]) => [
        name,
        [...new Set(found.map(([, rule]) => rule))].toSorted().join(' '),
      ]),
    ),
  };
}

const inNamespace = <Object extends PodLike | Workload>(object: Object, namespace: string): Object => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

describe.each([
  [
    'calico',
    'calico-node',
    'calico',
    ['no-host-network', 'no-host-path', 'no-privileged-containers', 'require-memory-limit', 'require-memory-request'],
  ],
  [
    'calico',
    'calico-kube-controllers',
    'calico',
    [
      'drop-all-capabilities',
      'no-privilege-escalation',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  [
    'cilium',
    'cilium',
    'cilium',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-privilege-escalation',
      'no-privileged-containers',
      'no-probe-host',
      'no-unconfined-seccomp',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
      'safe-apparmor-profile',
      'safe-selinux-options',
    ],
  ],
  [
    'cilium',
    'cilium-operator',
    'cilium',
    [
      'drop-all-capabilities',
      'no-host-network',
      'no-privilege-escalation',
      'no-probe-host',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'require-seccomp-profile',
      'run-as-non-root',
    ],
  ],
  [
    'cilium',
    'cilium-envoy',
    'cilium',
    [
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-probe-host',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'require-seccomp-profile',
      'run-as-non-root',
      'safe-apparmor-profile',
      'safe-selinux-options',
    ],
  ],
  [
    'aws-vpc-cni',
    'aws-node',
    'aws-vpc-cni',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-privileged-containers',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'flannel',
    'kube-flannel-ds',
    'flannel',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'require-memory-limit',
      'run-as-non-root',
    ],
  ],
  [
    'linkerd-cni',
    'linkerd-cni',
    'linkerd-cni',
    [
      'drop-all-capabilities',
      'no-host-path',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'node-local-dns',
    'node-local-dns',
    'node-local-dns',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-probe-host',
      'require-memory-limit',
      'run-as-non-root',
    ],
  ],
  [
    'metallb',
    'speaker',
    'metallb',
    [
      'limit-capabilities',
      'no-host-network',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'metallb',
    'controller',
    'metallb',
    ['drop-all-capabilities', 'require-cpu-request', 'require-memory-limit', 'require-memory-request'],
  ],
  [
    'promtail',
    'promtail',
    'promtail',
    ['no-host-path', 'no-root-user', 'require-cpu-request', 'require-memory-limit', 'require-memory-request'],
  ],
  [
    'kube-prometheus-node-exporter',
    'node-exporter',
    'node-exporter',
    ['limit-capabilities', 'no-host-network', 'no-host-path', 'no-host-pid'],
  ],
  [
    'csi-drivers',
    'csi-nfs-controller',
    'csi-drivers',
    [
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-privilege-escalation',
      'no-privileged-containers',
      'no-probe-host',
      'run-as-non-root',
    ],
  ],
  [
    'gpu-operator',
    'gpu-operator',
    'gpu-operator',
    ['drop-all-capabilities', 'no-host-path', 'no-privilege-escalation', 'run-as-non-root'],
  ],
  [
    'kube-proxy',
    'kube-proxy',
    'kube-proxy',
    [
      'no-host-network',
      'no-host-path',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  [
    'istio-ambient',
    'istio-cni-node',
    'istio-node-agents',
    ['limit-capabilities', 'no-host-path', 'no-root-user', 'safe-apparmor-profile'],
  ],
  ['istio-ambient', 'ztunnel', 'istio-node-agents', ['limit-capabilities', 'no-host-path', 'no-root-user']],
  [
    'kube-prometheus-stack',
    'kps-prometheus-node-exporter',
    'node-exporter',
    [
      'no-host-network',
      'no-host-path',
      'no-host-pid',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  [
    'windows-exporter',
    'windows-exporter',
    'windows-exporter',
    [
      'drop-all-capabilities',
      'no-host-network',
      'no-host-pid',
      'no-host-process',
      'no-privilege-escalation',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'require-seccomp-profile',
      'run-as-non-root',
    ],
  ],
  [
    'fluent-bit',
    'fluent-bit',
    'fluent-bit',
    [
      'drop-all-capabilities',
      'no-host-path',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'csi-drivers',
    'ebs-csi-node',
    'csi-drivers',
    ['drop-all-capabilities', 'no-host-path', 'no-privileged-containers', 'no-root-user', 'run-as-non-root'],
  ],
  [
    'csi-drivers',
    'csi-nfs-node',
    'csi-drivers',
    [
      'limit-capabilities',
      'no-host-network',
      'no-host-path',
      'no-privilege-escalation',
      'no-privileged-containers',
      'no-probe-host',
      'run-as-non-root',
    ],
  ],
  ['ingress-on-nodes', 'ingress-nginx-controller', 'ingress-controllers', ['no-host-network']],
  ['ingress-on-nodes', 'haproxy-kubernetes-ingress', 'ingress-controllers', ['no-host-ports']],
  [
    'gpu-operator',
    'nvidia-device-plugin-daemonset',
    'gpu-operator',
    [
      'no-host-path',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  [
    'gpu-operator',
    'nvidia-container-toolkit-daemonset',
    'gpu-operator',
    [
      'no-host-path',
      'no-host-pid',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  ['gpu-operator', 'gpu-operator-node-feature-discovery-worker', 'gpu-operator', ['no-host-path']],
  [
    'falco',
    'falco',
    'falco',
    [
      'drop-all-capabilities',
      'no-host-path',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'tetragon',
    'tetragon',
    'tetragon',
    [
      'drop-all-capabilities',
      'no-host-network',
      'no-host-path',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'datadog',
    'datadog',
    'datadog-agent',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-path',
      'no-host-pid',
      'no-root-user',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'safe-apparmor-profile',
    ],
  ],
  [
    'longhorn',
    'longhorn-manager',
    'longhorn',
    [
      'drop-all-capabilities',
      'no-host-path',
      'no-privileged-containers',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'velero',
    'node-agent',
    'velero-node-agent',
    [
      'drop-all-capabilities',
      'no-host-path',
      'no-root-user',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
    ],
  ],
  [
    'metallb-frr',
    'metallb-speaker',
    'metallb',
    [
      'limit-capabilities',
      'no-host-network',
      'no-probe-host',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'metallb-frr',
    'metallb-frr-k8s',
    'metallb',
    [
      'drop-all-capabilities',
      'limit-capabilities',
      'no-host-network',
      'no-privilege-escalation',
      'no-probe-host',
      'no-shared-process-namespace',
      'require-cpu-request',
      'require-memory-limit',
      'require-memory-request',
      'run-as-non-root',
    ],
  ],
  [
    'metallb-frr',
    'metallb-frr-k8s-statuscleaner',
    'metallb',
    ['no-host-network', 'require-cpu-request', 'require-memory-limit', 'require-memory-request', 'run-as-non-root'],
  ],
])('%s: %s', (file, name, exemption, exemptRules) => {
  const owner = workload(file, name);
  const pod = podOf(owner);

  test('its Pods are admitted only because of its exemption', () => {
    const exempt = { [exemption]: exemptRules.join(' ') };
    expect(outcomeOf(pod, controllerOf(owner))).toEqual({ verdict: 'allow', exempt });
  });

  test('it can be installed', () => {
    expect(outcomeOf(owner, human)).toMatchObject({ verdict: 'allow', exempt: { [exemption]: expect.any(String) } });
  });

  test('the same name in a team namespace is not exempt', () => {
    expect(outcomeOf(inNamespace(pod, 'shop'), controllerOf(owner))).toEqual({ verdict: 'deny', exempt: {} });
    expect(outcomeOf(inNamespace(owner, 'shop'), human)).toEqual({ verdict: 'deny', exempt: {} });
  });

  test('a false claim of ownership is not exempt', () => {
    expect(outcomeOf(pod, human)).toEqual({ verdict: 'deny', exempt: {} });
    const neighbour = `system:serviceaccount:${owner.metadata.namespace}:anything`;
    expect(outcomeOf(pod, { ...human, username: neighbour })).toEqual({ verdict: 'deny', exempt: {} });
  });
});

describe.each([
  ['istio-injected', 'istio-init', 'docker.io/istio/proxyv2', 'limit-capabilities no-root-user'],
  ['linkerd-injected', 'linkerd-init', 'cr.l5d.io/linkerd/proxy-init', 'drop-all-capabilities limit-capabilities'],
])('%s: %s', (file, container, image, exempt) => {
  const pods = objectsOf(file) as PodLike[];
  const replicaSets = controllerNamed('replicaset-controller');

  /** The Pod with its first init container otherwise. */
  const withInit = (pod: PodLike, change: object): PodLike => ({
    ...pod,
    spec: {
      ...pod.spec,
      initContainers: (pod.spec.initContainers ?? []).map((each, index) =>
        index === 0 ? { ...each, ...change } : each,
      ),
    },
  });

  test.each(pods.map((pod) => [pod.metadata.name, pod] as const))('%s is let in, whoever creates it', (_, pod) => {
    expect(pod.spec.initContainers?.[0]).toMatchObject({ name: container, image: expect.stringMatching(`^${image}:`) });
    const expected = { verdict: 'allow', exempt: { [container]: exempt } };
    expect(outcomeOf(pod, replicaSets)).toEqual(expected);
    expect(outcomeOf(pod, human)).toEqual(expected);
    expect(outcomeOf(inNamespace(pod, 'shop'), human)).toEqual(expected);
  });

  test.each([
    ['another image', { image: 'docker.io/library/busybox:1.37' }],
    ['the image of another registry', { image: `registry.example/${image}:1` }],
    ['an image that begins like it', { image: `${image}-evil:1` }],
    ['no image', { image: undefined }],
    ['another name', { name: 'init' }],
  ])('%s is not it', (_, change) => {
    for (const pod of pods)
      expect(outcomeOf(withInit(pod, change), replicaSets)).toEqual({ verdict: 'deny', exempt: {} });
  });

  test('its exemption does not cover other workloads in the namespace', () => {
    for (const pod of pods) {
      const spec = { ...pod.spec, hostNetwork: true };
      expect(outcomeOf({ ...pod, spec }, replicaSets).verdict).toBe('deny');
    }
  });
});

test.each(['cr.l5d.io/linkerd/proxy', 'ghcr.io/linkerd/proxy'])(
  'linkerd-init runs from the image of the proxy, %s, in newer releases',
  (image) => {
    const [pod] = objectsOf('linkerd-injected') as PodLike[];
    const [init, ...others] = pod?.spec.initContainers ?? [];
    const initContainers = [{ ...init, image: `${image}:edge-26.7.1` }, ...others];
    const newer = { ...pod, spec: { ...pod?.spec, initContainers } } as PodLike;
    const exempt = { 'linkerd-init': 'drop-all-capabilities limit-capabilities' };
    expect(outcomeOf(newer, controllerNamed('replicaset-controller'))).toEqual({ verdict: 'allow', exempt });
  },
);
