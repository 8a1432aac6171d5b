import { missingRequests } from '../engine/requests.ts';
import { defineRule } from '../engine/rule.ts';

export const requireMemoryRequest = defineRule({
  id: 'require-memory-request',
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
    summary: 'Containers must request memory.',
    why: 'The scheduler places Pods by their requests. One that requests no memory is packed onto a node without room for it and is the first to be killed when memory runs short.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      memory: 128Mi`,
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
  check: (pod, options) => missingRequests(pod, 'memory', options),
});
