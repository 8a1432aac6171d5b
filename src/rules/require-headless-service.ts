import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { inWorkload } from '../subject/pod-location.ts';
import { governingServiceOf } from '../subject/workload-spec.ts';
import { dbStatefulSet } from './knowledge/example-manifests.ts';

export const requireHeadlessService = defineRule({
  id: 'require-headless-service',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  needsNeighbors: true,
  reads: ['Service'],
  docs: {
    summary: 'The `serviceName` of a StatefulSet must be a headless Service that selects its Pods.',
    why: 'The Pods of a StatefulSet get stable names in DNS, such as `db-0.db`, only from the headless Service that `serviceName` names. Kubernetes does not check that there is one. Without it, members of a cluster do not find each other, and clients cannot reach one particular replica.',
    bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector:
    app: db
  ports:
  - port: 5432
---
${dbStatefulSet}`,
    good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports:
  - port: 5432
---
${dbStatefulSet}`,
    source:
      'Kubernetes, StatefulSets: Stable Network ID, https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id; Kubernetes, Service: Headless Services, https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
    departs:
      'The rule checks StatefulSets against the Services of their namespace, among the manifests or in the cluster that is scanned; admission does not know them. A StatefulSet without `serviceName` passes: its Pods have no names in DNS, and may not need them.',
  },
  options: {},
  notApplicable(pod, _options, { neighbors }) {
    const name = governingServiceOf(pod);
    if (name === undefined) return 'it is no StatefulSet';
    if (neighbors?.serviceNamed === undefined || neighbors.servicesOf(pod) === undefined)
      return 'no Services are known here';
    return name === '' ? 'it has no serviceName' : undefined;
  },
  *check(pod, _options, { neighbors }) {
    const name = governingServiceOf(pod);
    if (!name) return;
    const service = neighbors?.serviceNamed?.(name);
    const problem =
      service === undefined
        ? 'is not among the Services here; add it'
        : !service.isHeadless
          ? 'is not headless; set clusterIP: None'
          : neighbors?.servicesOf(pod)?.some((selecting) => selecting.name === name) === true
            ? undefined
            : 'does not select them; correct its selector';
    if (problem === undefined) return;
    const message = `Service ${quoted(name)} for the names of the Pods ${problem}`;
    yield { path: inWorkload('serviceName'), message, fault: name };
  },
});
