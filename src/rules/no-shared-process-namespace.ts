import { defineRule } from '../engine/rule.ts';

export const noSharedProcessNamespace = defineRule({
  id: 'no-shared-process-namespace',
  group: 'hardening',
  category: 'security',
  severity: 'low',
  mode: 'warn',
  docs: {
    summary: 'Containers of a Pod must not share their processes.',
    why: 'With `shareProcessNamespace: true` every container sees the processes of all others, their environment and command lines, can signal them, and can access their filesystems through /proc. Compromising one container then compromises all of them. To inspect a running container, `kubectl debug --target` shares its processes with the debugger only.',
    bad: `shareProcessNamespace: true
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Share Process Namespace between Containers in a Pod, https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/',
  },
  options: {},
  onlyWith: ['PodSpec.shareProcessNamespace'],
  *check(pod) {
    if (pod.spec.shareProcessNamespace !== true) return;
    const message = "shareProcessNamespace is true, so containers reach each other's processes and files; remove it";
    yield { path: pod.at('shareProcessNamespace'), message };
  },
});
