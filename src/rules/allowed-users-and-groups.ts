import { isInRanges } from '../engine/ranges.ts';
import { defineRule } from '../engine/rule.ts';
import { idsOf } from '../subject/user-and-group-ids.ts';

const ranges = { type: 'array', items: { type: 'string', format: 'idRange' } } as const;

export const allowedUsersAndGroups = defineRule({
  id: 'allowed-users-and-groups',
  group: 'hardening',
  category: 'security',
  severity: 'medium',
  mode: 'off',
  strictMode: 'off',
  since: 2,
  docs: {
    summary: 'Users and groups of containers must be in the allowed ranges.',
    why: 'A process that breaks out of its container has the permissions of its user and groups on the node. Low IDs belong to system accounts there, and group 0 owns many files.',
    bad: `securityContext:
  runAsUser: 1000
  runAsGroup: 0
containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  runAsUser: 10001
  runAsGroup: 10001
containers:
- name: app
  image: registry.example/app:1.0`,
    exampleOptions: { users: ['10000-'], groups: ['1-'] },
    source:
      'Kubernetes, Configure a Security Context, https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    departs:
      'Only IDs that are set are checked. `explicit-user-and-group` requires that they are set, so enable both to be sure.',
  },
  options: {
    users: {
      ...ranges,
      description: 'Allowed users: numbers and ranges such as `"1000"` and `"10000-"`. If unset, any user is allowed.',
    },
    groups: {
      ...ranges,
      description:
        'Allowed groups, `fsGroup` and `supplementalGroups` included. `["1-"]` excludes the root group. If unset, any group is allowed.',
    },
  },
  notApplicable: (pod, { users, groups }) => {
    if (users === undefined && groups === undefined) return 'neither option users nor option groups is set';
    return pod.onWindows ? 'users have no numbers on Windows' : undefined;
  },
  *check(pod, { users, groups }) {
    for (const { field, id, path, container } of idsOf(pod)) {
      const allowed = field === 'runAsUser' ? users : groups;
      if (allowed === undefined || isInRanges(allowed, id)) continue;
      const message = `${field} has ${id}; use another (allowed: ${allowed.join(', ') || 'none'})`;
      yield { path, container, message, fault: [String(id)] };
    }
  },
});
