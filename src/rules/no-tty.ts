import { defineRule } from '../engine/rule.ts';

export const noTty = defineRule({
  id: 'no-tty',
  group: 'hardening',
  category: 'security',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Containers must not keep a terminal or standard input open.',
    why: 'No server reads from a terminal. The fields are left over from a test, and with them anyone who may attach to the Pod types into the main process.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  stdin: true
  tty: true`,
    good: `containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Container API, https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#debugging',
    departs:
      'Ephemeral containers may have both, because `kubectl debug -it` sets them. So does `kubectl run -it`, whose Pods this rule denies under `enforce`.',
  },
  options: {},
  onlyWith: ['Container.stdin', 'Container.tty'],
  *check(pod) {
    for (const { role, name, spec, at } of pod.containers)
      for (const field of ['stdin', 'tty'] as const) {
        if (role === 'ephemeral' || spec[field] !== true) continue;
        const message = `sets ${field}: true, which no server needs; remove it`;
        yield { path: at(field), container: name, message };
      }
  },
});
