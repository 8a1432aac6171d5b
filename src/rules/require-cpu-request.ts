import { missingRequests } from '../engine/requests.ts';
import { defineRule } from '../engine/rule.ts';

export const requireCpuRequest = defineRule({
  id: 'require-cpu-request',
  group: 'resources',
  category: 'reliability',
  severity: 'medium',
  mode: 'enforce',
  fix: {
    byDefault: false,
    risk: 'behavior',
    effect:
      'Writes the option `default`. The request is charged to quotas, may make the Pod wait for a larger node, and moves it from the QoS class BestEffort to Burstable. Not done beside Pod-level resources or where a limit is lower.',
  },
  presets: { strict: { initContainers: true } },
  docs: {
    summary: 'Containers must request cpu.',
    why: 'The scheduler places Pods by their requests. One that requests no cpu lands on a full node and gets what is left over when its neighbors are busy.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 100m`,
    source:
      'Kubernetes, Resource Management for Pods and Containers, https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
    departs:
      'Plain init containers may go without: what a Pod needs is the larger of its initialization and its running, not their sum.',
  },
  options: {
    default: {
      type: 'string',
      format: 'quantity',
      description: 'The request that the fix writes. Without it there is no fix.',
    },
    initContainers: {
      type: 'boolean',
      default: false,
      description: 'Ask it of init containers that run to completion as well.',
    },
  },
  check: (pod, options) => missingRequests(pod, 'cpu', options),
});
