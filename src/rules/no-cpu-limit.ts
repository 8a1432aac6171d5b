import { defineRule } from '../engine/rule.ts';

export const noCpuLimit = defineRule({
  id: 'no-cpu-limit',
  group: 'resources',
  category: 'efficiency',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Containers must not have a cpu limit.',
    why: 'A limit throttles a container even on an idle node, which shows as slow answers and late probes. Requests alone already divide the CPU fairly when it is scarce.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500m
    limits:
      cpu: "1"`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500m`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'Off in every preset: tenants may need a bound, and only a limit that equals the request gives the QoS class Guaranteed and, with the static CPU manager, exclusive cores. Its opposite is `require-cpu-limit`; do not enable both. The default limit of a LimitRange counts too.',
  },
  options: {},
  *check(pod) {
    if (pod.spec.resources?.limits?.['cpu'] !== undefined) {
      const message = 'the Pod has a cpu limit; remove spec.resources.limits.cpu';
      yield { path: pod.at('resources', 'limits', 'cpu'), message };
    }
    for (const { name, spec, at } of pod.containers) {
      if (spec.resources?.limits?.['cpu'] === undefined) continue;
      const message = 'has a cpu limit, which throttles it; remove resources.limits.cpu';
      yield { path: at('resources', 'limits', 'cpu'), container: name, message };
    }
  },
});
