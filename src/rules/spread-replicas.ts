import { defineRule } from '../engine/rule.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { spreadOf } from '../subject/spread.ts';
import { webDeployment } from './knowledge/example-manifests.ts';
import { replicasOf } from './knowledge/replicas.ts';

export const spreadReplicas = defineRule({
  id: 'spread-replicas',
  group: 'life-cycle',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  since: 2,
  reads: ['HorizontalPodAutoscaler'],
  strictMode: 'audit',
  docs: {
    summary: 'Workloads with several replicas must spread them over nodes or zones.',
    why: 'The scheduler may place all replicas on one node. When that node fails, all of them fail with it, and a drain moves all of them at once. The default spreading of the scheduler is a preference that yields to others, such as nodes that already have the image. A topology spread constraint or a Pod anti-affinity states the requirement.',
    bad: webDeployment({ spec: 'replicas: 2' }),
    good: webDeployment({
      spec: 'replicas: 2',
      pod: `topologySpreadConstraints:
- topologyKey: kubernetes.io/hostname
  maxSkew: 1
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      app: web`,
    }),
    source:
      'Kubernetes, Pod Topology Spread Constraints, https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/; Kubernetes, Assigning Pods to Nodes: Inter-pod affinity and anti-affinity, https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity',
    departs:
      'Preferences count as much as requirements, and zones as much as nodes. A constraint counts only if it selects the labels of the Pod itself, because Kubernetes accepts one that selects no Pod and ignores it. For the same reason an anti-affinity counts only if its `namespaces` include that of the Pod, and if `mismatchLabelKeys` names none of its labels. Replicas with a host port pass, because a node has each host port once. The replicas are those of the workload, or the minimum of its HorizontalPodAutoscaler or its ScaledObject of KEDA if the files or the scanned cluster have one. Default constraints in the configuration of the scheduler are not visible in manifests; turn the rule off if your cluster has them.',
  },
  options: {},
  notApplicable(pod, _options, context) {
    const replicas = replicasOf(pod, context);
    if (replicas === undefined) return 'the number of replicas is not known';
    if (replicas < 2) return replicas === 0 ? 'it has no replicas' : 'there is only one replica to place';
    if (pod.spec.nodeName) return 'nodeName bypasses the scheduler';
    return usesHostPort(pod) ? 'a node has each host port once, so replicas are on nodes of their own' : undefined;
  },
  *check(pod, _options, context) {
    const { isSpread, misses } = spreadOf(pod);
    if (isSpread) return;
    const replicas = replicasOf(pod, context) ?? 0;
    const [miss] = misses;
    if (miss !== undefined) {
      const message = "selects other Pods, so replicas are not spread; select the template's labels";
      yield { path: miss, message, templateOnly: true };
      return;
    }
    const message = `${replicas} replicas may share one node; set topologySpreadConstraints`;
    yield { path: pod.at('topologySpreadConstraints'), message, templateOnly: true };
  },
});

/** On the host network, declared ports are host ports by default. */
const usesHostPort = ({ running }: PodSubject): boolean =>
  running.some(({ spec }) => spec.ports?.some(({ hostPort }) => Boolean(hostPort)));
