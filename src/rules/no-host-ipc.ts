import { defineRule } from '../engine/rule.ts';

export const noHostIpc = defineRule({
  id: 'no-host-ipc',
  group: 'pod-security',
  category: 'security',
  severity: 'high',
  mode: 'enforce',
  presets: { 'pss-baseline': {}, 'pss-restricted': {} },
  docs: {
    summary: "Pods must not share their node's inter-process communication.",
    why: 'With `hostIPC: true` a container reaches the shared memory, semaphores and message queues of the node and of every other such Pod: it can read and change what other programs keep there. Containers of one Pod share these among themselves anyway.',
    bad: `hostIPC: true
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  volumeMounts:
  - name: shm
    mountPath: /dev/shm
volumes:
- name: shm
  emptyDir:
    medium: Memory
    sizeLimit: 64Mi`,
    source:
      'Pod Security Standards, baseline: Host Namespaces, https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  },
  options: {},
  onlyWith: ['PodSpec.hostIPC'],
  *check(pod) {
    if (pod.spec.hostIPC !== true) return;
    const message = 'hostIPC is true and opens the shared memory of the node; remove it';
    yield { path: pod.at('hostIPC'), message };
  },
});
