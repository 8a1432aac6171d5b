import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { type Rollout, rolloutOf } from '../subject/workload-spec.ts';
import { webDeployment } from './knowledge/example-manifests.ts';
import { replicasOf } from './knowledge/replicas.ts';

export const noRolloutDowntime = defineRule({
  id: 'no-rollout-downtime',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'warn',
  since: 2,
  reads: ['HorizontalPodAutoscaler'],
  strictMode: 'warn',
  docs: {
    summary: 'A rollout must not stop all replicas of a workload at once.',
    why: 'With the strategy `Recreate`, or with a `maxUnavailable` as large as the workload, Kubernetes stops every Pod before the new ones are ready. Each rollout is an outage, and a new version that never becomes ready leaves nothing to serve.',
    bad: webDeployment({
      spec: `replicas: 3
strategy:
  type: Recreate`,
    }),
    good: webDeployment({
      spec: `replicas: 3
strategy:
  rollingUpdate:
    maxUnavailable: 1`,
    }),
    source:
      'Kubernetes, Deployments: Strategy, https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy; Kubernetes, StatefulSets: Update strategies, https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies',
    departs:
      'A single replica passes, because it cannot stay available in every rollout anyway. `Recreate` passes if the Pod mounts a PersistentVolumeClaim, as most volumes attach to one node and an old Pod would keep them from the new one. Percentages are rounded as the controllers do: down for a Deployment, up for a StatefulSet, whose `maxUnavailable` counts from Kubernetes 1.37; before, it needs the feature gate `MaxUnavailableStatefulSet`, which is off by default. A `partition` above 0 keeps a replica. DaemonSets pass: their Pods stand for one node each, and storage and network agents are replaced together on purpose.',
  },
  options: {},
  notApplicable(pod, _options, context) {
    if (rolloutOf(pod, context.minor) === undefined)
      return 'only rollouts of Deployments and StatefulSets replace replicas';
    return (replicasOf(pod, context) ?? 0) < 2 ? 'there are no replicas that could stay available' : undefined;
  },
  *check(pod, _options, context) {
    const rollout = rolloutOf(pod, context.minor);
    if (rollout === undefined) return;
    const replicas = replicasOf(pod, context) ?? 0;
    if (rollout.type === 'Recreate') {
      if (pod.spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)) return;
      const message = `strategy Recreate stops all ${replicas} replicas before the new ones start; set RollingUpdate`;
      yield { path: rollout.typePath, message };
    } else if (rollout.type === 'RollingUpdate' && stopsAll(rollout, replicas)) {
      const { maxUnavailable } = rollout;
      const share = typeof maxUnavailable === 'string' ? quoted(maxUnavailable, 24) : maxUnavailable;
      const message = `maxUnavailable ${share} lets a rollout stop all ${replicas} replicas at once; lower it`;
      yield { path: rollout.maxUnavailablePath, message };
    }
  },
});

function stopsAll({ maxUnavailable, roundsDown, isPartial }: Rollout, replicas: number): boolean {
  if (isPartial) return false;
  if (typeof maxUnavailable !== 'string') return maxUnavailable !== undefined && maxUnavailable >= replicas;
  if (!/^\d+%$/.test(maxUnavailable)) return false;
  const share = (Number.parseInt(maxUnavailable, 10) * replicas) / 100;
  return (roundsDown ? Math.floor(share) : Math.ceil(share)) >= replicas;
}
