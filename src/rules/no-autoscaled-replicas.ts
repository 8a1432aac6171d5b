import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { inWorkload } from '../subject/pod-location.ts';
import { webAutoscaler, webDeployment } from './knowledge/example-manifests.ts';
import { autoscalerOf } from './knowledge/replicas.ts';

const requestsCpu = `resources:
  requests:
    cpu: 100m`;

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
    bad: `${webAutoscaler}
---
${webDeployment({ spec: 'replicas: 2', container: requestsCpu })}`,
    good: `${webAutoscaler}
---
${webDeployment({ container: requestsCpu })}`,
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
