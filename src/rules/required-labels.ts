import { defineRule } from '../engine/rule.ts';
import { requirements, unmetRequirements, withoutRequirements } from './knowledge/required-metadata.ts';

export const requiredLabels = defineRule({
  id: 'required-labels',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must have certain labels.',
    why: 'Costs, alerts and network policies are assigned by labels. A Pod without them has no known owner when it fails at night, and policies miss it.',
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
      labels:
        team: payments
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0`,
    exampleOptions: { required: ['team'] },
    source:
      'Kubernetes, Recommended Labels, https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
    departs:
      'The labels of the Pod count, which in a workload are those of its template: the workload itself may have others.',
  },
  options: {
    required: {
      ...requirements,
      description:
        'Keys, each with globs for its value if not any will do: `team`, `stage=dev|prod-*`. If unset, the rule reports nothing.',
    },
  },
  notApplicable: (pod, { required }) => withoutRequirements(pod, 'labels', required),
  check: (pod, { required = [] }) => unmetRequirements(pod, 'labels', required),
});
