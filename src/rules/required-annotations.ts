import { defineRule } from '../engine/rule.ts';
import { requirements, unmetRequirements, withoutRequirements } from './knowledge/required-metadata.ts';

export const requiredAnnotations = defineRule({
  id: 'required-annotations',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must have certain annotations.',
    why: 'Tools outside Kubernetes read annotations: whom to call, which system a Pod belongs to, whether its logs may be kept. A missing one is noticed when it is needed.',
    bad: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0`,
    good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    metadata:
      annotations:
        example.com/on-call: payments
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0`,
    exampleOptions: { required: ['example.com/on-call'] },
    source: 'Kubernetes, Annotations, https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/',
    departs:
      'The annotations of the Pod count, which in a workload are those of its template: the workload itself may have others.',
  },
  options: {
    required: {
      ...requirements,
      description:
        'Keys, each with globs for its value if not any will do: `team`, `example.com/data=public|internal-*`. If unset, the rule reports nothing.',
    },
  },
  notApplicable: (pod, { required }) => withoutRequirements(pod, 'annotations', required),
  check: (pod, { required = [] }) => unmetRequirements(pod, 'annotations', required),
});
