import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { inWorkload } from '../subject/pod-location.ts';
import { autoscalerOf } from './knowledge/replicas.ts';

export const noAutoscaledReplicas = defineRule({
  id: 'no-autoscaled-replicas',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  // nothing of a cluster, where autoscalers set the replicas of workloads
  needsNeighbors: true,
  docs: {
    summary: 'A workload with a HorizontalPodAutoscaler must not set `replicas`.',
    why: 'Each `kubectl apply` sets the number of replicas back to that of the manifest, under any load. Under load this stops most of the Pods at once, until the autoscaler has scaled up again. Tools that keep a cluster in line with a Git repository do so all the time.',
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
  replicas: 2
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
      'Kubernetes, Horizontal Pod Autoscaling: Migrating Deployments and StatefulSets to horizontal autoscaling, https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling',
    departs:
      'The rule checks workloads against the HorizontalPodAutoscalers of their namespace, and the ScaledObjects from which KEDA creates them, that are evaluated with them, so it applies to manifests only: in a cluster the autoscaler itself sets the field. `replicas: 0` passes, because it turns autoscaling off. Before you remove the field from a workload that is already applied, follow the source, or the next apply scales it to one replica.',
  },
  options: {},
  notApplicable(pod, _options, { neighbors }) {
    if (neighbors?.autoscalerOf === undefined) return 'no HorizontalPodAutoscalers are known here';
    return autoscalerOf(pod, neighbors) === undefined
      ? 'no HorizontalPodAutoscaler of those evaluated with it scales the workload'
      : undefined;
  },
  *check(pod, _options, { neighbors }) {
    const autoscaler = autoscalerOf(pod, neighbors);
    const replicas = pod.owner?.replicas ?? 0;
    if (autoscaler === undefined || replicas === 0) return;
    const message = `replicas: ${replicas} undoes ${autoscaler.kind} ${quoted(autoscaler.name)}; remove it`;
    yield { path: inWorkload('replicas'), message };
  },
});
