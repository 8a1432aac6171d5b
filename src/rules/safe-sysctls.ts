import { matchesGlob } from '../engine/glob.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';

/** Safe sysctls with the minor version of Kubernetes that added them; 0 if older than all supported versions. */
const safeSince = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.tcp_wmem', 32],
]);

export const safeSysctls = defineRule({
  id: 'safe-sysctls',
  group: 'pod-security',
  category: 'security',
  severity: 'medium',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Pods must only set sysctls that Kubernetes considers safe.',
    why: 'A safe sysctl only affects its own Pod. Others can starve or crash the node or affect other Pods. The kubelet rejects Pods that set them unless its administrator allowed them, so the Pod fails with `SysctlForbidden` after it was scheduled.',
    bad: `securityContext:
  sysctls:
  - name: kernel.msgmax
    value: "65536"
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  sysctls:
  - name: net.ipv4.ip_unprivileged_port_start
    value: "0"
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, baseline: Sysctls, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {
    allowed: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description:
        'Globs for further sysctls that any Pod may set, such as `net.core.somaxconn` or `net.*`. The kubelets must allow them too (`allowedUnsafeSysctls`).',
    },
  },
  onlyWith: ['PodSecurityContext.sysctls'],
  *check(pod, { allowed }, { minor }) {
    for (const [index, { name = '', value = '' }] of (pod.spec.securityContext?.sysctls ?? []).entries()) {
      if ((safeSince.get(name) ?? Infinity) <= minor) continue;
      if (allowed.some((pattern) => matchesGlob(pattern, name.replaceAll('/', '.')))) continue;
      const path = pod.at('securityContext', 'sysctls', index, 'name');
      yield { path, message: messageOf(name, minor), fault: value };
    }
  },
});

function messageOf(name: string, minor: number): string {
  const since = safeSince.get(name);
  const shown = quoted(name);
  if (since !== undefined) return `sysctl ${shown} counts as safe from Kubernetes 1.${since} only; remove it`;
  if ((safeSince.get(name.replaceAll('/', '.')) ?? Infinity) <= minor)
    return `sysctl ${shown} is written with slashes; write it with dots`;
  return `sysctl ${shown} is not among the safe ones; remove it`;
}
