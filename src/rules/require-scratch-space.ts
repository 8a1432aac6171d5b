import { defineRule } from '../engine/rule.ts';
import { scratchSpace } from './knowledge/scratch-space.ts';

export const requireScratchSpace = defineRule({
  id: 'require-scratch-space',
  group: 'hardening',
  category: 'security',
  severity: 'info',
  mode: 'audit',
  fix: {
    byDefault: false,
    risk: 'behavior',
    effect:
      'Mounts an emptyDir with a size limit, one per container and path, where nothing is mounted. It hides files that the image has at that path; a Pod that exceeds the limit is evicted; and a Pod with an emptyDir is not drained without `--delete-emptydir-data`, nor moved by a cluster autoscaler that respects local storage. Mount your own volume at the path to opt out.',
  },
  docs: {
    summary: 'Containers with a read-only root must have a writable volume at the paths where many programs write.',
    why: 'Most runtimes and libraries write temporary files to /tmp. With a read-only root that fails, often only on the first large request. Whether the program of an image does so cannot be seen in a manifest.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    readOnlyRootFilesystem: true`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  securityContext:
    readOnlyRootFilesystem: true
  volumeMounts:
  - name: tmp
    mountPath: /tmp
volumes:
- name: tmp
  emptyDir:
    sizeLimit: 64Mi`,
    source:
      'Kubernetes, Configure a Security Context, https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    departs:
      '`/var/log` is not in the default list, although programs write there too: many images keep links to standard output in it, which a mount would hide.',
  },
  options: {
    paths: {
      type: 'array',
      items: { type: 'string', pattern: '^/.' },
      default: ['/tmp'],
      description: 'Absolute paths that must be writable.',
    },
    sizeLimit: {
      type: 'string',
      format: 'quantity',
      default: '64Mi',
      description: 'The size limit of the emptyDirs that the fix adds.',
    },
  },
  notApplicable: (pod) => (pod.onWindows ? 'Windows has no read-only root' : undefined),
  *check(pod, options) {
    const scratch = scratchSpace(pod, options);
    for (const container of pod.containers) {
      if (container.security.readOnlyRootFilesystem !== true || container.role === 'ephemeral') continue;
      for (const { path, state, fix } of scratch(container)) {
        const what = state === 'read-only' ? `its mount at ${path} is read-only` : `nothing writable at ${path}`;
        const message = `has a read-only root and ${what}; mount an emptyDir if it writes there`;
        yield { path: container.at('volumeMounts'), container: container.name, message, fault: path, fix };
      }
    }
  },
});
