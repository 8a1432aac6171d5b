import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';

export const knownPriorityClass = defineRule({
  id: 'known-priority-class',
  group: 'shape',
  category: 'reliability',
  severity: 'medium',
  mode: 'audit',
  since: 2,
  needsNeighbors: true,
  reads: ['PriorityClass'],
  docs: {
    summary: 'The priority class of a Pod must exist.',
    why: 'The API server rejects each Pod that names a PriorityClass that does not exist. A Deployment with such a Pod template is accepted, but gets no Pods.',
    bad: `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: important
value: 1000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: imporant
  containers:
  - name: app
    image: registry.example/app:1.0`,
    good: `apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: important
value: 1000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: important
  containers:
  - name: app
    image: registry.example/app:1.0`,
    source:
      'Kubernetes, Pod Priority and Preemption: PriorityClass, https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass',
    departs:
      'The rule knows the PriorityClasses among the manifests or in the cluster that is scanned, and the two of Kubernetes, `system-cluster-critical` and `system-node-critical`. It applies to manifests that have at least one, and not at admission, where the API server checks the name. Name further classes of your clusters in the option `known`.',
  },
  options: {
    known: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: ['system-cluster-critical', 'system-node-critical'],
      description: 'Priority classes that exist in every cluster.',
    },
  },
  notApplicable(pod, _options, { neighbors }) {
    const { priorityClassName: name } = pod.spec;
    if (!name) return 'it names no priority class';
    return neighbors?.hasPriorityClass?.(name) === undefined ? 'no PriorityClasses are known here' : undefined;
  },
  *check(pod, { known }, { neighbors }) {
    const { priorityClassName: name } = pod.spec;
    if (!name || known.includes(name) || neighbors?.hasPriorityClass?.(name) !== false) return;
    const message = `priority class ${quoted(name)} is not among those here; correct the name or add it`;
    yield { path: pod.at('priorityClassName'), message, fault: name };
  },
});
