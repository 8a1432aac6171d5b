import { defineRule } from '../engine/rule.ts';

export const noHostPid = defineRule({
  id: 'no-host-pid',
  group: 'pod-security',
  category: 'security',
  severity: 'critical',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: "Pods must not see their node's processes.",
    why: "With `hostPID: true` a container sees every process of the node, with its command line, and as root also its environment and, through `/proc/<pid>/root`, its files. With any further privilege, that gives access to the whole node. To see the processes of the Pod's own containers `shareProcessNamespace` is enough.",
    bad: `hostPID: true
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, baseline: Host Namespaces, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  onlyWith: ['PodSpec.hostPID'],
  *check(pod) {
    if (pod.spec.hostPID !== true) return;
    const message = 'hostPID is true and shows every process of the node; remove it (a node agent needs an exemption)';
    yield { path: pod.at('hostPID'), message };
  },
});
