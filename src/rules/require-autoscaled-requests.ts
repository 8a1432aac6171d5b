import type { Autoscaler } from '../engine/neighbors.ts';
import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { webAutoscaler, webDeployment } from './knowledge/example-manifests.ts';
import { autoscalerOf } from './knowledge/replicas.ts';
import { reportedRequests } from './knowledge/requests.ts';

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
    why: 'Utilization is a share of the request. If one container of the Pods has no request for the resource, the autoscaler cannot compute it: it shows `<unknown>` as the current value and never scales, however high the load is. The same happens if it goes by a container that the Pods do not have.',
    bad: `${webAutoscaler}
---
${webDeployment()}`,
    good: `${webAutoscaler}
---
${webDeployment({
  container: `resources:
  requests:
    cpu: 100m`,
})}`,
    source:
      'Kubernetes, Horizontal Pod Autoscaling: Algorithm details, https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details',
    departs:
      'The rule checks workloads against the HorizontalPodAutoscalers of their namespace, among the manifests or in the cluster that is scanned; admission does not know them. Among manifests, ScaledObjects of KEDA count as the autoscalers that it creates from them. An autoscaler without metrics goes by cpu. A target as an average value needs no request. Requests of the Pod as a whole count, but not for the utilization of a single container. Requests that `require-cpu-request` or `require-memory-request` report are not reported twice.',
  },
  options: {},
  notApplicable(pod, _options, context) {
    if (context.neighbors?.autoscalerOf === undefined) return 'no HorizontalPodAutoscalers are known here';
    const autoscaler = autoscalerOf(pod, context.neighbors);
    if (autoscaler === undefined) return 'no HorizontalPodAutoscaler of those evaluated with it scales the workload';
    return autoscaler.utilizations.length === 0 ? `its ${autoscaler.kind} goes by no utilization` : undefined;
  },
  *check(pod, _options, context) {
    const autoscaler = autoscalerOf(pod, context.neighbors);
    if (autoscaler === undefined) return;
    for (const container of missingContainers(pod, autoscaler)) {
      const message = `no container ${quoted(container)}, by which ${autoscaler.kind} ${quoted(autoscaler.name)} goes; correct it`;
      yield { path: pod.at('containers'), message, fault: container };
    }
    const reported = reportedRequests(pod, context);
    for (const { name, spec, at } of pod.running)
      for (const resource of resourcesOf(pod, autoscaler, name)) {
        const path = at('resources', 'requests', resource);
        if (spec.resources?.requests?.[resource] !== undefined || reported.has(path)) continue;
        const message = `requests no ${resource}, so ${autoscaler.kind} ${quoted(autoscaler.name)} never scales it`;
        yield { path, container: name, message };
      }
  },
});

/** The containers that the autoscaler names and the Pod does not have. */
function missingContainers({ running }: PodSubject, { utilizations }: Autoscaler): ReadonlySet<string> {
  const named = utilizations.flatMap(({ container }) => container ?? []);
  return new Set(named).difference(new Set(running.map(({ name }) => name)));
}

/** The resources by whose utilization the container is scaled and that the Pod does not request as a whole. */
function resourcesOf(pod: PodSubject, { utilizations }: Autoscaler, name: string): ReadonlySet<string> {
  const own = utilizations.filter(({ container, resource }) =>
    container === undefined ? !isRequestedAsWhole(pod, resource) : container === name,
  );
  return new Set(own.map(({ resource }) => resource));
}

/** Whether the Pod has requests of its own, and these or the requests of a container include the resource. */
function isRequestedAsWhole({ spec, containers }: PodSubject, resource: string): boolean {
  const requests = spec.resources?.requests ?? {};
  if (Object.keys(requests).length === 0) return false;
  return resource in requests || containers.some((one) => one.spec.resources?.requests?.[resource] !== undefined);
}
