import { defineRule } from '../engine/rule.ts';
import { set } from '../patch/edits.ts';
import { automaticToken } from '../subject/service-account-token.ts';

export const noServiceAccountToken = defineRule({
  id: 'no-service-account-token',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'audit',
  fix: {
    byDefault: false,
    risk: 'behavior',
    manifestsOnly: true,
    effect:
      'Sets `automountServiceAccountToken: false` where nothing is set. A program that talks to the API server fails without the token; it mounts a projected token itself, or says `automountServiceAccountToken: true` and is exempted. When a Pod reaches Podwright the token is mounted already, so this is done in manifests only.',
  },
  docs: {
    summary: "Containers must not get the service account's token without asking for it.",
    why: 'Unless told otherwise, Kubernetes mounts a credential for its API into every container. Few programs use it, and whoever gets into one of the others can read it and act as the service account, which may be allowed more than anybody remembers.',
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
      'A Pod in the cluster is judged by whether the token is mounted, so a service account that opts out for its Pods is enough. A manifest does not show that and is asked to say it itself. Containers that mount something of their own at the path of the token get none and need not opt out.',
  },
  options: {},
  *check(pod) {
    const token = automaticToken(pod);
    if (token === 'absent') return;
    const path = pod.at('automountServiceAccountToken');
    const isWanted = pod.spec.automountServiceAccountToken === true;
    const message = isWanted
      ? 'automountServiceAccountToken is true; set it to false and project a token where one is needed'
      : "containers get the service account's token unasked; set automountServiceAccountToken: false";
    yield { path, message, fix: token === 'expected' && !isWanted ? () => [set(path, false)] : undefined };
  },
});
