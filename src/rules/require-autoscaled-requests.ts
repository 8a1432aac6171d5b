import type { Autoscaler } from '../engine/neighbors.ts';
import { quoted } from '../engine/quoted.ts';
import { autoscalerOf } from '../engine/replicas.ts';
import { reportedRequests } from '../engine/requests.ts';
import { defineRule } from '../engine/rule.ts';

export const requireAutoscaledRequests = defineRule({
  id: 'require-autoscaled-requests',
  group: 'resources',
  category: 'reliability',
  severity: 'high',
  mode: 'warn',
  since: 2,
  needsNeighbors: true,
  reads: ['HorizontalPodAutoscaler'],
  docs: {
    summary: 'Containers must request the resources by whose utilization a HorizontalPodAutoscaler scales them.',
    why: 'Utilization is a share of the request. If one container of the Pods has no request for the resource, the autoscaler cannot compute it: it shows `<unknown>` as the current value and never scales, however high the load is.',
    bad: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 70
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0`,
    good: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  minReplicas: 2
  maxReplicas: 5
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 70
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0
        resources:
          requests:
            cpu: 100m`,
    source:
      'Kubernetes, Horizontal Pod Autoscaling: Algorithm details, https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details',
    departs:
      'The rule checks workloads against the HorizontalPodAutoscalers of their namespace, among the manifests or in the cluster that is scanned; admission does not know them. An autoscaler without metrics goes by cpu. A target as an average value needs no request. Requests that `require-cpu-request` or `require-memory-request` report are not reported twice.',
  },
  options: {},
  notApplicable(pod, _options, context) {
    if (context.neighbors?.autoscalerOf === undefined) return 'no HorizontalPodAutoscalers are known here';
    const { utilizations } = autoscalerOf(pod, context.neighbors) ?? {};
    if (utilizations === undefined) return 'no HorizontalPodAutoscaler of those evaluated with it scales the workload';
    return utilizations.length === 0 ? 'its HorizontalPodAutoscaler goes by no utilization' : undefined;
  },
  *check(pod, _options, context) {
    const autoscaler = autoscalerOf(pod, context.neighbors);
    if (autoscaler === undefined) return;
    const reported = reportedRequests(pod, context);
    for (const { name, spec, at } of pod.running)
      for (const resource of resourcesOf(autoscaler, name)) {
        const path = at('resources', 'requests', resource);
        const requested = spec.resources?.requests?.[resource] ?? pod.spec.resources?.requests?.[resource];
        if (requested !== undefined || reported.has(path)) continue;
        const message = `requests no ${resource}, so HorizontalPodAutoscaler ${quoted(autoscaler.name)} never scales it`;
        yield { path, container: name, message };
      }
  },
});

/** The resources by whose utilization the container is scaled. */
function resourcesOf({ utilizations }: Autoscaler, container: string): ReadonlySet<string> {
  const own = utilizations.filter((each) => each.container === undefined || each.container === container);
  return new Set(own.map(({ resource }) => resource));
}
