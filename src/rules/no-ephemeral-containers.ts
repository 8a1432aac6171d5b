import { defineRule } from '../engine/rule.ts';

export const noEphemeralContainers = defineRule({
  id: 'no-ephemeral-containers',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must not get ephemeral containers.',
    why: "`kubectl debug` adds any image to a running Pod, next to its memory, files and credentials. Where access to production data is restricted, that is a way around the review of the Pod's manifest.",
    bad: `containers:
- name: app
  image: registry.example/app:1.0
ephemeralContainers:
- name: debugger
  image: registry.example/debug:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Ephemeral Containers, https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/',
    departs:
      'To restrict who may debug, RBAC for `pods/ephemeralcontainers` is the better place. This rule can be off in some namespaces, and accounts and images can be exempt.',
  },
  options: {},
  onlyWith: ['PodSpec.ephemeralContainers'],
  *check(pod) {
    for (const { role, name, spec, path } of pod.containers) {
      if (role !== 'ephemeral') continue;
      const message = 'is an ephemeral container, which the policy does not allow; debug a copy of the Pod';
      yield { path, container: name, message, fault: spec.image ?? '' };
    }
  },
});
