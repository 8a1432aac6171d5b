import { defineRule } from '../engine/rule.ts';

export const noPrivilegedContainers = defineRule({
  id: 'no-privileged-containers',
  group: 'pod-security',
  category: 'security',
  severity: 'critical',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'No container may be privileged.',
    why: 'A privileged container has every capability, every device and no seccomp or AppArmor confinement: an attacker inside it owns the node.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    privileged: true`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    capabilities:
      add: [NET_BIND_SERVICE]`,
    source:
      'Pod Security Standards, baseline: Privileged Containers, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  *check(pod) {
    for (const container of pod.containers) {
      if (!container.isPrivileged) continue;
      const message = 'is privileged; remove securityContext.privileged and add only the capabilities it needs';
      yield { path: container.at('securityContext', 'privileged'), container: container.name, message };
    }
  },
});
