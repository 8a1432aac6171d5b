import { defineRule } from '../engine/rule.ts';
import { classOptions, disallowedClass } from './knowledge/allowed-class.ts';

export const allowedPriorityClasses = defineRule({
  id: 'allowed-priority-classes',
  group: 'shape',
  category: 'reliability',
  severity: 'medium',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must have an allowed priority class.',
    why: 'A Pod of a higher class evicts others when a node is full. If any class can be used, a test run can push out production, and `system-node-critical` even parts of the cluster.',
    bad: `priorityClassName: system-cluster-critical
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `priorityClassName: batch
containers:
- name: app
  image: registry.example/app:1.0`,
    exampleOptions: { allowed: ['batch'] },
    source:
      'Kubernetes, Pod Priority and Preemption, https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    departs:
      'A Pod without a class gets the default class of the cluster, if there is one: in a template it counts as unset, in the Pod as that class.',
  },
  options: classOptions,
  notApplicable: (pod, { allowed }) => {
    if (allowed === undefined) return 'option allowed is not set';
    return pod.isWhole ? undefined : 'an ephemeral container has no priority class of its own';
  },
  check: (pod, options) => disallowedClass(pod, 'priorityClassName', options),
});
