import { defineRule } from '../engine/rule.ts';
import { claimsToBeMirror } from '../subject/special-pods.ts';

export const ownServiceAccount = defineRule({
  id: 'own-service-account',
  group: 'hardening',
  category: 'security',
  severity: 'low',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Pods must name a service account other than default.',
    why: 'All Pods that name none share the account `default` of their namespace. A permission that one of them needs is then granted to all, and the audit log cannot tell them apart.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `serviceAccountName: app
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Configure Service Accounts for Pods, https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
    departs:
      'A Pod that gets no token counts too, because pull secrets and policies go by the account as well; `no-service-account-token` is about the token.',
  },
  options: {},
  notApplicable: (pod) => (claimsToBeMirror(pod) ? 'a static Pod has no service account' : undefined),
  *check(pod) {
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount || 'default';
    if (name !== 'default') return;
    const message = 'the service account is default; create one for the application and set serviceAccountName';
    yield { path: pod.at('serviceAccountName'), message };
  },
});
