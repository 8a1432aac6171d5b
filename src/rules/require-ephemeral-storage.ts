import { defineRule } from '../engine/rule.ts';
import { isPositive } from '../subject/quantity.ts';

export const requireEphemeralStorage = defineRule({
  id: 'require-ephemeral-storage',
  group: 'resources',
  category: 'reliability',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Containers that keep running must request and limit ephemeral storage.',
    why: 'Logs, emptyDirs and the files that a container writes into its own filesystem fill the disk of the node. When it is full, the kubelet evicts Pods, first those that use more than they requested; without a request, any usage is more.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      ephemeral-storage: 1Gi
    limits:
      ephemeral-storage: 2Gi`,
    source: 'Kubernetes, Local Ephemeral Storage, https://kubernetes.io/docs/concepts/storage/ephemeral-storage/',
    departs:
      'A limit alone is enough, because it becomes the request too. Off in every preset: the kubelet evicts a Pod above its limit, so measure first.',
  },
  options: {
    limit: {
      type: 'boolean',
      default: true,
      description: 'Require a limit; `false` requires a request only.',
    },
  },
  *check(pod, { limit }) {
    for (const { name, spec, at } of pod.running) {
      const kind = limit ? 'limits' : 'requests';
      if (isPositive(spec.resources?.[kind]?.['ephemeral-storage'])) continue;
      const message = `has no ephemeral-storage ${kind.slice(0, -1)}; set resources.${kind}.ephemeral-storage`;
      yield { path: at('resources', kind, 'ephemeral-storage'), container: name, message };
    }
  },
});
