import { defineRule, type Finding, type RuleContext } from '../engine/rule.ts';
import { type Edit, set } from '../patch/edits.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { type ScratchOptions, scratchSpace } from './knowledge/scratch-space.ts';
import { unlessForWindows } from './knowledge/unmarked-windows.ts';

export const readOnlyRootFilesystem = defineRule({
  id: 'read-only-root-filesystem',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'audit',
  fix: {
    byDefault: false,
    risk: 'behavior',
    effect:
      'Sets `readOnlyRootFilesystem: true` where nothing is set, and mounts an emptyDir at each path of `require-scratch-space` in the same patch, whether that rule is on or not. An application that writes elsewhere (`/var/run`, `/var/cache`, its working directory) fails; set `readOnlyRootFilesystem: false` on such containers.',
  },
  docs: {
    summary: 'Containers must have a read-only root filesystem.',
    why: 'An intruder who cannot write to the filesystem cannot replace binaries or drop tools, and an application that keeps state in its container cannot silently lose it at the next restart.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    readOnlyRootFilesystem: true`,
    source:
      'Kubernetes, Configure a Security Context, https://kubernetes.io/docs/tasks/configure-pod-container/security-context/; Kubernetes, Application Security Checklist, https://kubernetes.io/docs/concepts/security/application-security-checklist/',
  },
  options: {},
  notApplicable: (pod) => (pod.os === 'windows' ? 'Windows has no such field' : undefined),
  check: (pod, _options, context) => unlessForWindows(pod, writable(pod, context)),
});

function* writable(pod: PodSubject, context: RuleContext): Generator<Finding> {
  const scratch = scratchSpace(pod, context.optionsOf<ScratchOptions>('require-scratch-space'));
  for (const container of pod.containers) {
    const value = container.security.readOnlyRootFilesystem;
    if (value === true || container.isPrivileged || container.role === 'ephemeral') continue;
    const path = container.at('securityContext', 'readOnlyRootFilesystem');
    const space = (): Edit[] => scratch(container).flatMap(({ fix }) => fix?.() ?? []);
    yield {
      path,
      container: container.name,
      message: 'can write to its root filesystem; set securityContext.readOnlyRootFilesystem: true',
      fix: value === undefined ? () => [set(path, true), ...space()] : undefined,
    };
  }
}
