import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

export const noUnconfinedSeccomp = defineRule({
  id: 'no-unconfined-seccomp',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Seccomp must not be switched off.',
    why: "`Unconfined` takes away the filter that keeps a container from the kernel's rarely used system calls, where most ways out of a container start. A program that needs more than `RuntimeDefault` allows can name a `Localhost` profile that adds just that.",
    bad: `securityContext:
  seccompProfile:
    type: Unconfined
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  seccompProfile:
    type: RuntimeDefault
containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    seccompProfile:
      type: Localhost
      localhostProfile: profiles/app.json`,
    source:
      'Pod Security Standards, baseline: Seccomp, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    departs: 'The old seccomp annotations count for nothing: since Kubernetes 1.27 nobody acts on them.',
  },
  options: {},
  *check(pod) {
    for (const { security, container, at } of securityContextsOf(pod)) {
      const type: string | undefined = security.seccompProfile?.type;
      if (!type || type === 'RuntimeDefault' || type === 'Localhost') continue;
      const value = type === 'Unconfined' ? type : quoted(type);
      const message = `seccompProfile.type is ${value}; set RuntimeDefault or a Localhost profile`;
      yield { path: at('seccompProfile', 'type'), container, message };
    }
  },
});
