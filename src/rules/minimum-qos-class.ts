import { defineRule, type Finding } from '../engine/rule.ts';
import type { Pointer } from '../patch/pointer.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { guaranteeGap, qosClasses, qosClassOf, qosResources } from '../subject/qos-class.ts';
import { reportedRequests } from './knowledge/requests.ts';

export const minimumQosClass = defineRule({
  id: 'minimum-qos-class',
  group: 'resources',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  docs: {
    summary: 'Pods must have at least the required QoS class.',
    why: 'When a node runs short of memory the kubelet evicts by class: BestEffort first, Guaranteed last. The class follows from requests and limits, and one container without them costs the whole Pod its class.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `containers:
- name: app
  image: registry.example/app:1.0
  resources:
    requests:
      cpu: 100m
      memory: 128Mi`,
    source:
      'Kubernetes, Pod Quality of Service Classes, https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/; KEP-2837 (Pod-level resources), https://www.kubernetes.dev/resources/keps/2837/',
    departs:
      'As in Kubernetes, init containers count, and Pod-level resources, even empty ones, count instead of those of the containers. In manifests they count from Kubernetes 1.34, because older API servers drop them by default.',
  },
  options: {
    minimum: {
      type: 'string',
      enum: qosClasses,
      default: 'Burstable',
      description: 'The class that every Pod must have at least.',
    },
    criticalPriorityClasses: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description: 'Priority classes whose Pods must be Guaranteed.',
    },
  },
  *check(pod, { minimum, criticalPriorityClasses }, context) {
    const isCritical = criticalPriorityClasses.includes(pod.spec.priorityClassName ?? '');
    const wanted = isCritical ? 'Guaranteed' : minimum;
    if (qosClasses.indexOf(qosClassOf(pod.spec)) >= qosClasses.indexOf(wanted)) return;
    const reported = reportedRequests(pod, context);
    if (wanted === 'Guaranteed') yield* gaps(pod, reported);
    else if (pod.spec.resources !== undefined)
      yield {
        path: pod.at('resources'),
        message: `spec.resources asks for nothing (BestEffort); remove it or set requests`,
      };
    else if (reported.size === 0)
      yield {
        path: pod.at('containers'),
        message: 'no container requests cpu or memory (BestEffort); set resources.requests',
      };
  },
});

function* gaps(pod: PodSubject, reported: ReadonlySet<Pointer>): Generator<Finding> {
  const parts = pod.spec.resources === undefined ? pod.containers.filter(({ role }) => role !== 'ephemeral') : [pod];
  for (const { spec, at, ...part } of parts)
    for (const resource of qosResources) {
      const gap = guaranteeGap(spec.resources, resource);
      if (gap === undefined || reported.has(at('resources', 'requests', resource))) continue;
      const message =
        gap === 'limits'
          ? `no ${resource} limit keeps the Pod from being Guaranteed; set limits.${resource} and the same request`
          : `a ${resource} request other than its limit keeps the Pod from being Guaranteed; set both to the same`;
      yield { path: at('resources', gap, resource), ...('name' in part && { container: part.name }), message };
    }
}
