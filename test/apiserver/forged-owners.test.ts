import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'forged-owners';
const policy = `apiVersion: podwright.dev/v1alpha1
kind: Policy
rules:
  no-host-network: { mode: enforce }
  no-host-path: { mode: enforce }
operators: ["system:serviceaccount:forged-operator:*"]
exemptions:
- name: node-exporter
  rules: [no-host-network, no-host-path]
  match: { workloads: [DaemonSet/node-exporter], namespaces: [${namespace}] }
  reason: reads the node
  owner: team-observability
`;

let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright(policy);
  return podwright.stop;
});

const reference = (kind: string, name: string) => ({
  apiVersion: kind === 'DaemonSet' ? 'apps/v1' : 'v1',
  kind,
  name,
  uid: '11111111-1111-1111-1111-111111111111',
  controller: true,
});
const onHost = { hostNetwork: true, volumes: [{ name: 'h', hostPath: { path: '/' } }] };

/** kubectl for an account that may do everything: what it is refused, Podwright refuses. */
const asAccount = (user: string): Kubectl => kubectl.as(user, 'system:masters', 'system:authenticated');
const accountOf = (home: string, name: string): string => `system:serviceaccount:${home}:${name}`;

const senders = [
  ['a person', 'alice', 1],
  ['an account of another namespace', accountOf('team-b', 'deployer'), 1],
  ['Argo CD', accountOf('argocd', 'argocd-application-controller'), 1],
  ['an operator that the policy lists', accountOf('forged-operator', 'manager'), 0],
  ['a controller of Kubernetes', accountOf('kube-system', 'daemon-set-controller'), 0],
] as const;

describe('a Pod with a forged reference to an exempt owner', () => {
  test.each(senders)('from %s', async (_, user, code) => {
    const metadata = { ownerReferences: [reference('DaemonSet', 'node-exporter')] };
    const forged = pod('forged', { metadata, spec: onHost });
    const printed = await asAccount(user).send(forged, 'create', '--dry-run=server', '-f', '-');
    expect([printed.code, /is refused by 2 rules/.test(printed.stderr)]).toEqual([code, code === 1]);
  });
});

describe('a Deployment that names an owner of any kind', () => {
  test.each(senders)('from %s', async (_, user, code) => {
    const web = deployment('web', 0, { spec: onHost });
    const owned = { ...web, metadata: { ...web.metadata, ownerReferences: [reference('ConfigMap', 'any')] } };
    const printed = await asAccount(user).send(owned, 'create', '--dry-run=server', '-f', '-');
    expect([printed.code, /is refused by 2 rules/.test(printed.stderr)]).toEqual([code, code === 1]);
  });
});

test("the DaemonSet controller's owner references are trusted", async () => {
  const { spec } = deployment('node-exporter', 1, { spec: onHost });
  const { replicas: _, ...template } = spec;
  const agent = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'node-exporter' }, spec: template };
  await wanted(kubectl.send(agent, 'create', '-f', '-'));
  await wanted(kubectl('rollout', 'status', 'daemonset/node-exporter', '--timeout=60s'));
});
