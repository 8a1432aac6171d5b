import { defineRule } from '../engine/rule.ts';
import { missingRequests, requestOptions } from './knowledge/requests.ts';

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
      'Sets the request to that of the workload in the option `defaults`, or else to the option `default`. The request counts against quotas, may make the Pod wait for a larger node, and changes its QoS class from BestEffort to Burstable. Not done if the Pod has Pod-level resources or a lower limit.',
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
      'Plain init containers need no request: a Pod needs the larger of its init phase and its running phase, not the sum.',
  },
  options: requestOptions,
  check: (pod, options, context) => missingRequests(pod, 'memory', options, context),
});
