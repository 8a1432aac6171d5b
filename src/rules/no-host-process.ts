import { defineRule } from '../engine/rule.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

export const noHostProcess = defineRule({
  id: 'no-host-process',
  group: 'pod-security',
  category: 'security',
  severity: 'critical',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: 'Windows containers must not run as processes of their node.',
    why: 'A HostProcess container runs directly on the Windows node, with its network, its files and, as `NT AUTHORITY\\SYSTEM`, all of its privileges. It is the Windows counterpart of a privileged container.',
    bad: `os:
  name: windows
hostNetwork: true
securityContext:
  windowsOptions:
    hostProcess: true
    runAsUserName: NT AUTHORITY\\SYSTEM
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `os:
  name: windows
securityContext:
  windowsOptions:
    runAsUserName: ContainerUser
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Pod Security Standards, baseline: HostProcess, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  onlyWith: ['WindowsSecurityContextOptions.hostProcess'],
  *check(pod) {
    for (const { security, container, at } of securityContextsOf(pod)) {
      if (security.windowsOptions?.hostProcess !== true) continue;
      const message =
        'hostProcess is true and runs on the Windows node itself; remove it (a node agent needs an exemption)';
      yield { path: at('windowsOptions', 'hostProcess'), container, message };
    }
  },
});
