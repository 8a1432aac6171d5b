import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { claimsToBeMirror, isForNodeDebugging } from '../subject/special-pods.ts';

export const noNodeName = defineRule({
  id: 'no-node-name',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'warn',
  docs: {
    summary: 'Pods must be placed by the scheduler, not by nodeName.',
    why: 'A Pod with `nodeName` goes straight to that node, bypassing taints, capacity and affinity. If the node is full, the kubelet rejects it, its controller creates the next one, and so on; if the node is gone, the Pod waits forever.',
    bad: `nodeName: worker-1
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `nodeSelector:
  kubernetes.io/hostname: worker-1
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Assigning Pods to Nodes: nodeName, https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename',
  },
  options: {},
  onlyWith: ['PodSpec.nodeName'],
  notApplicable(pod) {
    if (isForNodeDebugging(pod)) return 'kubectl debug put the Pod on the node that it examines';
    return claimsToBeMirror(pod) ? 'it mirrors a static Pod of its node' : undefined;
  },
  *check(pod) {
    const { nodeName } = pod.spec;
    if (!nodeName) return;
    const message = `nodeName is ${quoted(nodeName)}, past the scheduler; use nodeSelector or node affinity`;
    yield { path: pod.at('nodeName'), message, fault: nodeName };
  },
});
