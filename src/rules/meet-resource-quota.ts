import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { quotaDemandsOn } from './knowledge/quota.ts';
import { reportedRequests } from './knowledge/requests.ts';

export const meetResourceQuota = defineRule({
  id: 'meet-resource-quota',
  group: 'resources',
  category: 'reliability',
  severity: 'high',
  mode: 'warn',
  since: 2,
  needsNeighbors: true,
  reads: ['ResourceQuota'],
  docs: {
    summary: 'Containers must set the requests and limits that a ResourceQuota of their namespace counts.',
    why: 'As soon as a ResourceQuota limits `requests.cpu`, `limits.memory` or the like, the API server rejects each Pod with a container that does not set the value. A Deployment is still accepted: it just has no Pods, and only an event of its ReplicaSet says why.',
    bad: `apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    limits.memory: 4Gi
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: registry.example/app:1.0`,
    good: `apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    limits.memory: 4Gi
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: app
    image: registry.example/app:1.0
    resources:
      limits:
        memory: 128Mi`,
    source:
      'Kubernetes, Resource Quotas, https://kubernetes.io/docs/concepts/policy/resource-quotas/; Kubernetes, Configure Memory and CPU Quotas for a Namespace, https://kubernetes.io/docs/tasks/administer-cluster/manage-resources/quota-memory-cpu-namespace/',
    departs:
      'The rule checks Pods against the ResourceQuotas of their namespace, among the manifests or in the cluster that is scanned, after the defaults of its LimitRanges. At admission the API server does the same. Scopes of quotas are respected. Requests that `require-cpu-request` or `require-memory-request` report are not reported twice. How much of a quota is left is not visible in manifests.',
  },
  options: {},
  notApplicable(pod, _options, { neighbors }) {
    const { quotas } = neighbors ?? {};
    if (quotas === undefined) return 'no ResourceQuotas are known here';
    if (quotaDemandsOn(pod, quotas).length === 0) return 'no ResourceQuota of its namespace counts what it requests';
    const { requests = {}, limits = {} } = pod.spec.resources ?? {};
    const isSetAsWhole = Object.keys({ ...requests, ...limits }).length > 0;
    return isSetAsWhole ? 'the Pod has requests or limits as a whole' : undefined;
  },
  *check(pod, _options, context) {
    const reported = reportedRequests(pod, context);
    const demands = quotaDemandsOn(pod, context.neighbors?.quotas ?? []);
    for (const { role, name, spec, at } of pod.containers)
      for (const { kind, resource, quota } of role === 'ephemeral' ? [] : demands) {
        const path = at('resources', kind, resource);
        if (spec.resources?.[kind]?.[resource] !== undefined || reported.has(path)) continue;
        const message = `sets no ${kind}.${resource}, without which ResourceQuota ${quoted(quota)} rejects the Pod`;
        yield { path, container: name, message };
      }
  },
});
