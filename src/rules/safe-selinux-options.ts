import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

const types = ['container_t', 'container_init_t', 'container_kvm_t'];
const typesFrom31 = [...types, 'container_engine_t'];

export const safeSelinuxOptions = defineRule({
  id: 'safe-selinux-options',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'SELinux options must use container types, and must not set a user or role.',
    why: 'On nodes with SELinux, the type decides what a process can access: `spc_t` and most others are not confined like a container, and users and roles can lead to such types. The level, which separates Pods, can be set freely.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    seLinuxOptions:
      type: spc_t`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    seLinuxOptions:
      type: container_t
      level: "s0:c123,c456"`,
    source:
      'Pod Security Standards, baseline: SELinux, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  onlyWith: ['PodSecurityContext.seLinuxOptions', 'SecurityContext.seLinuxOptions'],
  *check(pod, _options, { minor }) {
    const allowed = minor >= 31 ? typesFrom31 : types;
    for (const { security, container, at } of securityContextsOf(pod)) {
      const place = container === undefined ? {} : { container };
      const { type, user, role } = security.seLinuxOptions ?? {};
      if (type && !allowed.includes(type)) {
        const message = `seLinuxOptions.type is ${quoted(type)}; set container_t or remove it`;
        yield { path: at('seLinuxOptions', 'type'), ...place, message, fault: type };
      }
      for (const [field, value] of Object.entries({ user, role })) {
        if (!value) continue;
        const message = `seLinuxOptions.${field} is ${quoted(value)}; remove it, only type and level may be set`;
        yield { path: at('seLinuxOptions', field), ...place, message, fault: value };
      }
    }
  },
});
