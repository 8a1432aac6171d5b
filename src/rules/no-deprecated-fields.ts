import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { deprecationsOf } from '../subject/deprecation.ts';

export const noDeprecatedFields = defineRule({
  id: 'no-deprecated-fields',
  group: 'shape',
  category: 'reliability',
  severity: 'low',
  mode: 'audit',
  strictMode: 'audit',
  since: 2,
  docs: {
    summary: 'Pods must not use fields, annotations, labels of nodes and volumes that Kubernetes replaced.',
    why: 'Kubernetes ignores some of them already, without a word: a seccomp profile in an annotation confines nothing. Others keep working until an upgrade, and then the Pod stays pending or loses a setting.',
    bad: `serviceAccount: app
nodeSelector:
  beta.kubernetes.io/os: linux
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `serviceAccountName: app
nodeSelector:
  kubernetes.io/os: linux
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Well-Known Labels, Annotations and Taints, https://kubernetes.io/docs/reference/labels-annotations-taints/; Kubernetes, Volumes, https://kubernetes.io/docs/concepts/storage/volumes/',
    departs:
      'The API server writes `serviceAccount` and the AppArmor annotations beside the fields that replaced them, so these count only if the new field is missing. Volumes count from the version that removed their type. Node labels are only checked in `nodeSelector`.',
  },
  options: {},
  notApplicable: (pod) => (pod.isWhole ? undefined : 'an ephemeral container has none of these fields'),
  *check(pod, _options, { minor }) {
    for (const { path, what, advice } of deprecationsOf(pod, minor))
      yield { path, message: `${what.kind} ${quoted(what.name)} ${advice}` };
  },
});
