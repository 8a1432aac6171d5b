import { defineRule } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import { automaticToken } from '../subject/service-account-token.ts';

export const noServiceAccountToken = defineRule({
  id: 'no-service-account-token',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'audit',
  reads: ['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding'],
  fix: {
    byDefault: false,
    risk: 'behavior',
    manifestsOnly: true,
    effect:
      'Sets `automountServiceAccountToken: false` where nothing is set. An application that talks to the API server fails without the token; mount a projected token, or set `automountServiceAccountToken: true` and add an exemption. At admission the token is already mounted, so this fix only applies to manifests.',
  },
  docs: {
    summary: 'Containers must not get a service account token unless they opt in.',
    why: 'By default, Kubernetes mounts an API credential into every container. Few applications use it. An attacker in any of the others can read it and act as the service account, which may have more permissions than expected.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `automountServiceAccountToken: false
containers:
- name: app
  image: registry.example/app:1.0`,
    source:
      'Kubernetes, Configure Service Accounts for Pods, https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
    departs:
      'In the cluster, the rule checks whether the token is mounted, so it is enough if the service account opts out for its Pods. A manifest does not show that and must opt out itself, unless its ServiceAccount is evaluated with it and opts out, or a RoleBinding or ClusterRoleBinding names that account, also as a user or by the group of its namespace: such an application uses the API. A scan reads these objects from the cluster, and still reports what admission would warn about or deny. Containers that mount another volume at the path of the token get no token and need not opt out.',
  },
  options: {},
  *check(pod, _options, { neighbors }) {
    const token = automaticToken(pod);
    if (token === 'absent') return;
    const { optsOut = false, isBound = false } = neighbors?.accountOf(pod) ?? {};
    const isWanted = pod.spec.automountServiceAccountToken === true;
    if (isBound || (optsOut && !isWanted)) return;
    const message = isWanted
      ? 'automountServiceAccountToken is true; set it to false and project a token where one is needed'
      : "containers get the service account's token unasked; set automountServiceAccountToken: false";
    const path = pod.at('automountServiceAccountToken');
    const fault = pod.spec.serviceAccountName || 'default';
    yield { path, message, fault, fix: token === 'expected' && !isWanted ? () => [set(path, false)] : undefined };
  },
});
