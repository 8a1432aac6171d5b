import { defineRule } from '../engine/rule.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

export const noRootUser = defineRule({
  id: 'no-root-user',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'warn',
  presets: { 'pss-restricted': {} },
  docs: {
    summary: 'Containers must not be set to run as root.',
    why: '`runAsUser: 0` replaces the user that the image was built for with root. Root in a container is root to the kernel: one hole in the runtime, one writable mount of the node, and it is root there too.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    runAsUser: 0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    runAsUser: 1000`,
    source:
      'Pod Security Standards, restricted: Running as Non-root user, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs:
      "As Pod Security reads it, a 0 on the Pod counts even when every container overrides it, and `runAsGroup: 0` does not. An image's own USER is not seen here; `run-as-non-root` guards against that. A privileged container is ignored here while `no-privileged-containers` is on.",
  },
  options: {},
  onlyWith: ['PodSecurityContext.runAsUser', 'SecurityContext.runAsUser'],
  notApplicable: (pod, _options, { minor }) =>
    pod.spec.hostUsers === false && minor >= 35 ? 'root in a user namespace is not root on the node' : undefined,
  *check(pod, _options, context) {
    const privileged = context.isOn('no-privileged-containers') ? pod.containers.filter((one) => one.isPrivileged) : [];
    const reportedElsewhere = new Set(privileged.map(({ name }) => name));
    for (const { security, container, at } of securityContextsOf(pod)) {
      if (security.runAsUser !== 0 || (container !== undefined && reportedElsewhere.has(container))) continue;
      const message = "runAsUser is 0, which is root; set the number of the image's own user or remove it";
      yield { path: at('runAsUser'), container, message };
    }
  },
});
