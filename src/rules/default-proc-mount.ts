import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';

export const defaultProcMount = defineRule({
  id: 'default-proc-mount',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': { allowWithUserNamespace: false } },
  docs: {
    summary: 'Containers must use the default, masked `/proc`.',
    why: 'Runtimes hide and write-protect the parts of `/proc` that belong to the node, `/proc/kcore` and `/proc/sys` among them. `procMount: Unmasked` removes that protection. It is meant for containers that run containers; the API server accepts it only with `hostUsers: false`, which keeps the files of the node out of reach.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    procMount: Unmasked`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    procMount: Default`,
    source:
      'Pod Security Standards, baseline and restricted: /proc Mount Type, https://kubernetes.io/docs/concepts/security/pod-security-standards/; KEP-4265 (procMount), https://www.kubernetes.dev/resources/keps/4265/',
  },
  options: {
    allowWithUserNamespace: {
      type: 'boolean',
      default: true,
      description: 'Allow any value in Pods with `hostUsers: false`, from Kubernetes 1.35.',
    },
  },
  onlyWith: ['SecurityContext.procMount'],
  notApplicable: (pod, { allowWithUserNamespace }, { minor }) =>
    allowWithUserNamespace && pod.spec.hostUsers === false && minor >= 35
      ? 'in a user namespace an unmasked /proc is allowed'
      : undefined,
  *check(pod) {
    for (const { name, security, at } of pod.containers) {
      const value = security.procMount;
      if (value === undefined || value === 'Default') continue;
      const shown = value === 'Unmasked' ? value : quoted(value);
      const message = `procMount is ${shown} and opens /proc of the node; remove it`;
      yield { path: at('securityContext', 'procMount'), container: name, message, fault: value };
    }
  },
});
