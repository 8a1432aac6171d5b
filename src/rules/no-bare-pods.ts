import { defineRule } from '../engine/rule.ts';
import { pointer } from '../patch/pointer.ts';
import { matchesSelector, selectorPattern } from '../subject/label-selector.ts';
import { isForNodeDebugging } from '../subject/special-pods.ts';

export const noBarePods = defineRule({
  id: 'no-bare-pods',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'warn',
  docs: {
    summary: 'Pods that are meant to keep running must have a controller.',
    why: 'Nothing replaces a bare Pod. When its node fails or is drained it is gone, it cannot be rolled out or scaled, and `kubectl drain` refuses to continue without `--force`.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      containers:
      - name: app
        image: registry.example/app:1.0`,
    source:
      'Kubernetes, Pods: Pods and controllers, https://kubernetes.io/docs/concepts/workloads/pods/#pods-and-controllers',
    departs:
      'Pods that run to completion pass, and so do sessions (`kubectl run -it`, `kubectl debug node/…`), mirrors of static Pods and Pods that custom controllers own.',
  },
  options: {
    allow: {
      type: 'array',
      items: { type: 'string', pattern: selectorPattern },
      default: [],
      description: 'Label selectors (`app=web,tier!=test`) of Pods that need no controller.',
    },
  },
  notApplicable(pod, { allow }) {
    if (pod.isTemplate) return 'a template has a controller';
    if (!pod.isServing) return 'the Pod ends by itself';
    const labels = pod.metadata.labels ?? {};
    if (isForNodeDebugging(pod) || allow.some((selector) => matchesSelector(selector, labels)))
      return 'its labels exempt the Pod';
    return pod.spec.containers.some(({ stdinOnce }) => stdinOnce === true)
      ? 'it is a session, not a service'
      : undefined;
  },
  *check(pod) {
    if (pod.owner !== undefined) return;
    const message = 'no controller replaces this Pod when its node fails; use a Deployment, StatefulSet or Job';
    yield { path: pointer('metadata', 'ownerReferences'), message };
  },
});
