import { defineRule } from '../engine/rule.ts';

export const noHostNetwork = defineRule({
  id: 'no-host-network',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Pods must not use the host network.',
    why: "A Pod with `hostNetwork: true` sees the node's interfaces and loopback services, is not subject to NetworkPolicies, and its ports clash with those of every other such Pod on the node.",
    bad: `hostNetwork: true
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  ports:
  - containerPort: 8080`,
    source:
      'Pod Security Standards, baseline: Host Namespaces, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      'There is no fix: without the host network, an application that listens on the node is no longer reachable, and host ports set by API server defaulting would remain.',
  },
  options: {},
  onlyWith: ['PodSpec.hostNetwork'],
  *check(pod) {
    if (pod.spec.hostNetwork !== true) return;
    const message = 'hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)';
    yield { path: pod.at('hostNetwork'), message };
  },
});
