import { defineRule } from '../engine/rule.ts';
import { pointer } from '../patch/pointer.ts';

export const noDefaultNamespace = defineRule({
  id: 'no-default-namespace',
  group: 'shape',
  category: 'security',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must not be in the namespace default.',
    why: 'Every object that was applied without a namespace is in `default`. Quotas, permissions and network policies are set for each namespace, so unrelated applications there share all of them.',
    bad: `apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: default
spec:
  containers:
  - name: app
    image: registry.example/app:1.0`,
    good: `apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: shop
spec:
  containers:
  - name: app
    image: registry.example/app:1.0`,
    source: 'Kubernetes, Namespaces, https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/',
    departs:
      'A manifest without a namespace counts as one for `default`, as `kubectl apply` would take it, unless `--namespace` names another.',
  },
  options: {},
  notApplicable: (pod) => (pod.isWhole ? undefined : 'an ephemeral container has no namespace of its own'),
  *check(_pod, _options, { namespace }) {
    if (namespace !== 'default') return;
    yield { path: pointer('metadata', 'namespace'), message: 'is in the namespace default; use one of its own' };
  },
});
