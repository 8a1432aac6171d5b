import { defineRule } from '../engine/rule.ts';
import { missingLimits } from './knowledge/requests.ts';

export const requireMemoryLimit = defineRule({
  id: 'require-memory-limit',
  group: 'resources',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  docs: {
    summary: 'Containers that keep running, or their Pod as a whole, must have a memory limit.',
    why: 'Memory cannot be throttled. A leaking container without a limit uses up the memory of the node, and the kernel kills processes of its neighbors. With a limit, it kills the container that leaks.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      memory: 256Mi`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      memory: 256Mi
    limits:
      memory: 256Mi`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'There is no fix: a limit that is too low kills the application, and only its author knows what it needs. CPU limits are not required, because they throttle applications even on an idle node. Init containers that run to completion need none.',
  },
  options: {},
  check: (pod) => missingLimits(pod, 'memory'),
});
