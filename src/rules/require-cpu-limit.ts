import { defineRule } from '../engine/rule.ts';
import { missingLimits } from './knowledge/requests.ts';

export const requireCpuLimit = defineRule({
  id: 'require-cpu-limit',
  group: 'resources',
  category: 'reliability',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Containers that keep running, or their Pod as a whole, must have a cpu limit.',
    why: 'Without a limit a container takes all CPU that its neighbors leave, so its speed depends on them, and tenants get more than they pay for.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500m`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 500m
    limits:
      cpu: "1"`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'Off in every preset, because a cpu limit throttles an application even on an idle node; its opposite is `no-cpu-limit`, and enabling both contradicts itself. Init containers that run to completion need none.',
  },
  options: {},
  check: (pod) => missingLimits(pod, 'cpu'),
});
