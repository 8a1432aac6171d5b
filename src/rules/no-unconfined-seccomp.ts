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
    summary: 'Seccomp must not be disabled.',
    why: '`Unconfined` removes the filter that blocks rarely used system calls, where most container escapes start. An application that needs more than `RuntimeDefault` allows can use a `Localhost` profile that adds just that.',
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
    departs: 'The deprecated seccomp annotations are ignored, as Kubernetes has done since 1.27.',
  },
  options: {},
  *check(pod) {
    for (const { security, container, at } of securityContextsOf(pod)) {
      const type: string | undefined = security.seccompProfile?.type;
      if (!type || type === 'RuntimeDefault' || type === 'Localhost') continue;
      const value = type === 'Unconfined' ? type : quoted(type);
      const message = `seccompProfile.type is ${value}; set RuntimeDefault or a Localhost profile`;
      yield { path: at('seccompProfile', 'type'), container, message, fault: type };
    }
  },
});
