import { quoted, quotedNames } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { evictionBlock } from './knowledge/eviction-block.ts';
import { webDeployment } from './knowledge/example-manifests.ts';
import { autoscalerOf, replicasOf } from './knowledge/replicas.ts';

export const requireDisruptionBudget = defineRule({
  id: 'require-disruption-budget',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'medium',
  mode: 'audit',
  since: 2,
  needsNeighbors: true,
  reads: ['PodDisruptionBudget', 'HorizontalPodAutoscaler'],
  docs: {
    summary: 'Workloads with several replicas must have one PodDisruptionBudget, and it must allow evictions.',
    why: 'A drain evicts Pods node by node, and several nodes can be drained at the same time. Without a budget all replicas may be evicted at once. A budget that never allows an eviction, such as one with neither `minAvailable` nor `maxUnavailable`, is no better: node upgrades wait for it until an administrator deletes the Pods. The same happens if two budgets select a Pod, because the API server then rejects every eviction.',
    bad: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
${webDeployment({ spec: 'replicas: 2' })}`,
    good: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: web
---
${webDeployment({ spec: 'replicas: 2' })}`,
    source:
      'Kubernetes, Specifying a Disruption Budget for your Application, https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    departs:
      'The rule checks a workload against the budgets of its namespace, among the manifests or in the cluster that is scanned; admission does not know them. Among manifests it does not apply to a workload without any Service, ServiceAccount, autoscaler, role binding or budget of its namespace beside it. The replicas are those of the workload, or the minimum of its HorizontalPodAutoscaler or its ScaledObject of KEDA; a budget that other workloads share is compared with each alone, or in a cluster with all Pods that its status counts. A single replica needs no budget, because one could only block drains.',
  },
  options: {
    evictUnhealthy: {
      type: 'boolean',
      default: false,
      description:
        'Require `unhealthyPodEvictionPolicy: AlwaysAllow` of budgets, so that Pods that never become ready do not block drains.',
    },
  },
  notApplicable(pod, _options, context) {
    const budgets = context.neighbors?.budgetsOf(pod);
    if (budgets === undefined) return 'no PodDisruptionBudgets are known here';
    if (!pod.isServing) return 'the Pod ends by itself';
    if (pod.owner?.kind === 'DaemonSet') return 'drains do not evict the Pods of DaemonSets';
    const replicas = replicasOf(pod, context);
    if (replicas === undefined) return 'the number of replicas is not known';
    if (replicas === 0) return 'it has no replicas';
    return replicas === 1 && budgets.length === 0
      ? 'a single replica is unavailable during a drain in any case; a budget could only block it'
      : undefined;
  },
  *check(pod, { evictUnhealthy }, context) {
    const [budget, ...others] = context.neighbors?.budgetsOf(pod) ?? [];
    const replicas = replicasOf(pod, context) ?? 1;
    const path = '/metadata/labels';
    if (budget === undefined) {
      yield { path, message: `${replicas} replicas, but no PodDisruptionBudget; add one, or a drain may evict all` };
    } else if (others.length > 0) {
      const names = quotedNames([budget, ...others].slice(0, 2).map(({ name }) => name));
      yield { path, message: `${others.length + 1} budgets select it, so it cannot be evicted; keep one of ${names}` };
    } else {
      const isScaled = autoscalerOf(pod, context.neighbors) !== undefined;
      const block = evictionBlock(budget, pod, { replicas, isScaled });
      const remedy = 'set unhealthyPodEvictionPolicy: AlwaysAllow';
      if (block !== undefined) yield { path, message: `PodDisruptionBudget ${quoted(budget.name)} ${block}` };
      else if (evictUnhealthy && !budget.evictsUnhealthy)
        yield { path, message: `budget ${quoted(budget.name)} keeps Pods that are not ready; ${remedy}` };
    }
  },
});
