import { quoted } from '../engine/quoted.ts';
import { defineRule } from '../engine/rule.ts';
import { type Edit, set } from '../patch/edits.ts';
import { rootGroupsOf, takesGroup } from '../subject/groups.ts';
import { isPlaceholder } from '../subject/injection.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { missingIds } from './knowledge/missing-id.ts';

const id = { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 } as const;

export const explicitUserAndGroup = defineRule({
  id: 'explicit-user-and-group',
  group: 'hardening',
  category: 'security',
  severity: 'low',
  mode: 'audit',
  fix: {
    byDefault: false,
    risk: 'behavior',
    effect:
      "Sets `runAsUser`, `runAsGroup` and `fsGroup` of the Pod to the options of these names, where the option is set and the Pod does not set the field, and `fsGroupChangePolicy: OnRootMismatch` with `fsGroup`. Programs whose files belong to the image's own user may fail to read them, and the first mount of a large volume takes as long as changing the group of all its files. Not done for users or groups if a container relies on root: it is privileged, adds capabilities or sets `runAsNonRoot: false`. Set the field yourself to opt out.",
  },
  docs: {
    summary: 'The user and group of every container must be set, and fsGroup for volumes that support it.',
    why: 'Unset values come from the image, and the next version of the image may change them: files on volumes then belong to another user, or the application runs as root. Without `runAsGroup`, most images use the root group.',
    bad: `containers:
- name: app
  image: registry.example/app:1.0`,
    good: `securityContext:
  runAsUser: 1000
  runAsGroup: 3000
  fsGroup: 2000
containers:
- name: app
  image: registry.example/app:1.0
volumes:
- name: data
  persistentVolumeClaim:
    claimName: data`,
    source:
      'Kubernetes, Configure a Security Context, https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    departs:
      'There are no default IDs: only the author of an image knows which user it works with. Group 0 counts as set unless `allowRootGroup` is false. Where all containers run as user 0, volumes need no group. A container with the image `auto` in a template is left to Istio.',
  },
  options: {
    runAsUser: { ...id, description: 'The user that the fix sets. Without it there is no fix.' },
    runAsGroup: { ...id, description: 'The group that the fix sets. Without it there is no fix.' },
    fsGroup: { ...id, description: 'The group of volumes that the fix sets. Without it there is no fix.' },
    allowRootGroup: {
      type: 'boolean',
      default: true,
      description: 'Accept group 0, which OpenShift uses to give arbitrary users access to the files of an image.',
    },
  },
  notApplicable: (pod) => (pod.onWindows ? 'users have no numbers on Windows' : undefined),
  *check(pod, options) {
    const containers = pod.containers.filter((container) => !isPlaceholder(pod, container));
    for (const field of ['runAsUser', 'runAsGroup'] as const) {
      const open = containers.filter(({ effective }) => effective[field] === undefined);
      if (open.length > 0) yield* missingIds(pod, field, open, options[field]);
    }
    for (const { field, path, container } of options.allowRootGroup ? [] : rootGroupsOf(pod))
      yield { path, container, message: `${field} has 0, the group of root; set another`, fault: ['group 0'] };
    const volume = pod.spec.volumes?.find(takesGroup);
    if (volume === undefined || pod.spec.securityContext?.fsGroup !== undefined) return;
    // root needs no group to work with files
    if (containers.every(({ effective }) => effective.runAsUser === 0)) return;
    const path = pod.at('securityContext', 'fsGroup');
    const message = `no group is set for volumes such as ${quoted(volume.name ?? '')}; set spec.securityContext.fsGroup`;
    yield { path, message, fix: options.fsGroup === undefined ? undefined : () => groupEdits(pod, options.fsGroup) };
  },
});

function groupEdits(pod: PodSubject, group: number | undefined): Edit[] {
  const policy = pod.at('securityContext', 'fsGroupChangePolicy');
  const keepsPolicy = pod.spec.securityContext?.fsGroupChangePolicy !== undefined;
  const edit = set(pod.at('securityContext', 'fsGroup'), group);
  return keepsPolicy ? [edit] : [edit, set(policy, 'OnRootMismatch')];
}
