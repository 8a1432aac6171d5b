import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import type { ContainerView } from '../subject/container-view.ts';
import { programsOf } from '../subject/exec-command.ts';

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
  onlyWith: ['SecurityContext.privileged'],
  *check(pod) {
    for (const container of pod.containers) {
      if (!container.isPrivileged) continue;
      const sysctl = sysctlOf(container);
      const message =
        sysctl === undefined
          ? 'is privileged; remove securityContext.privileged and add only the capabilities it needs'
          : `is privileged to set ${quoted(sysctl)}; set it on the nodes (or in securityContext.sysctls, if it is a safe one)`;
      yield { path: container.at('securityContext', 'privileged'), container: container.name, message };
    }
  },
});

/** The first kernel parameter that an init container sets by `sysctl`: no capability would do instead. */
function sysctlOf({ role, spec }: ContainerView): string | undefined {
  if (role !== 'init') return undefined;
  const programs = programsOf([...(spec.command ?? []), ...(spec.args ?? [])]);
  const settings = programs.filter(({ words }) => words[0] === 'sysctl').flatMap(({ words }) => words.slice(1));
  return settings.find((word) => /^[a-z][\w./-]*=/.test(word))?.replace(/=.*/s, '');
}
