import { defineRule } from '../engine/rule.ts';
import { classOptions, disallowedClass } from './knowledge/allowed-class.ts';

export const allowedRuntimeClasses = defineRule({
  id: 'allowed-runtime-classes',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must have an allowed runtime class.',
    why: 'A runtime class decides how far a container is from the kernel of its node. A user who may choose the class may leave the sandbox, or take nodes with special hardware.',
    bad: `runtimeClassName: runc
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `runtimeClassName: gvisor
containers:
- name: app
  image: registry.example/app:1.0`,
    exampleOptions: { allowed: ['gvisor'] },
    source: 'Kubernetes, Runtime Class, https://kubernetes.io/docs/concepts/containers/runtime-class/',
    departs:
      'A Pod without a class runs in the default runtime of its node; set `allowUnset: false` if that is not the sandbox.',
  },
  options: classOptions,
  notApplicable: (pod, { allowed }) => {
    if (allowed === undefined) return 'option allowed is not set';
    return pod.isWhole ? undefined : 'an ephemeral container has no runtime class of its own';
  },
  check: (pod, options) => disallowedClass(pod, 'runtimeClassName', options),
});
