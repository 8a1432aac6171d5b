import type { Neighbors } from '../engine/neighbors.ts';
import { defineRule } from '../engine/rule.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { webPod } from './knowledge/example-manifests.ts';

export const requireNetworkPolicy = defineRule({
  id: 'require-network-policy',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'off',
  since: 2,
  needsNeighbors: true,
  reads: ['NetworkPolicy'],
  docs: {
    summary: 'A NetworkPolicy must select every Pod.',
    why: 'A Pod that no NetworkPolicy selects accepts connections from every Pod of the cluster, and may connect to anything. One program that an attacker has taken over then reaches databases and internal services of all others. A policy that denies everything by default, and one for each path that you need, close this.',
    bad: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector:
    matchLabels:
      app: shop
  policyTypes:
  - Ingress
---
${webPod()}`,
    good: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes:
  - Ingress
---
${webPod()}`,
    source:
      'Kubernetes, Network Policies, https://kubernetes.io/docs/concepts/services-networking/network-policies/; Kubernetes, Security Checklist: Network security, https://kubernetes.io/docs/concepts/security/security-checklist/#network-security',
    departs:
      'The rule checks Pods against the NetworkPolicies of their namespace, among the manifests or in the cluster that is scanned; admission does not know them. Among manifests it does not apply to a Pod without any Service, ServiceAccount, autoscaler or other neighbor of its namespace beside it. It does not read what a policy allows, nor policies of other kinds, such as those of Cilium, Calico and cluster administrators. It is off by default, because many clusters keep policies apart from workloads. A network plugin that ignores policies is not visible in manifests.',
  },
  options: {
    directions: {
      type: 'array',
      items: { type: 'string', pattern: '^(?:Ingress|Egress)$' },
      default: ['Ingress'],
      description: 'The directions in which policies must isolate each Pod: `Ingress`, `Egress`.',
    },
  },
  notApplicable(pod, _options, { neighbors }) {
    if (neighbors?.networkPoliciesOf === undefined) return 'no NetworkPolicies are known here';
    return pod.spec.hostNetwork === true ? 'NetworkPolicies do not apply to the network of the host' : undefined;
  },
  *check(pod, { directions }, { neighbors }) {
    const open = openDirections(pod, directions, neighbors);
    if (open.length === 0) return;
    const message = `no NetworkPolicy limits its ${open.join(' and ')}; add one that selects the Pod`;
    yield { path: '/metadata/labels', message, fault: open };
  },
});

function openDirections(pod: PodSubject, wanted: readonly string[], neighbors: Neighbors | undefined): string[] {
  const closed = new Set(neighbors?.networkPoliciesOf?.(pod).flatMap(({ directions }) => directions));
  return ['Ingress', 'Egress'].filter((direction) => wanted.includes(direction) && !closed.has(direction));
}
