import { applyPatch } from '../patch/apply-patch.ts';
import { type Edit, set, unset } from '../patch/edits.ts';
import { toJsonPatch } from '../patch/json-patch.ts';
import { mayAdministrate, spelledCapability } from '../subject/capability.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

/**
 * The Pod, and the Pod with its security context written into each container, and without the values whose findings
 * replace those of other rules: on the host network every port is one of the node, a privileged container has no
 * capabilities to drop, user 0 is root under any `runAsNonRoot`, `Unconfined` is a seccomp profile, and SYS_ADMIN needs
 * privilege escalation. Removing such a value makes nothing worse. A privileged container has all capabilities and no
 * profile, so naming these is no worse either, unless it may have been privileged by an exemption only.
 */
export function unmasked(
  source: SubjectSource,
  { isExempt }: { readonly isExempt: boolean },
): readonly [PodSubject, ...PodSubject[]] {
  const given = subjectOf(source);
  const spelled = edited(source, inheritedValueEdits(given));
  const ofNode = given.spec.hostNetwork === true ? [unset(given.at('hostNetwork'))] : [];
  const unprivileged = edited(spelled, [...ofNode, ...unprivilegedEdits(given, isExempt)]);
  const bare = edited(unprivileged, maskRemovals(subjectOf(unprivileged)));
  return [given, ...[...new Set([spelled, unprivileged, bare])].filter((one) => one !== source).map(subjectOf)];
}

const inherited = [
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'seccompProfile',
  'appArmorProfile',
  'seLinuxOptions',
  'windowsOptions',
] as const;

/** Writes the values that containers inherit from the Pod into the containers. */
function inheritedValueEdits({ spec, containers }: PodSubject): Edit[] {
  const { securityContext = {} } = spec;
  return containers.flatMap(({ security, at }) =>
    inherited.flatMap((field) =>
      securityContext[field] === undefined || security[field] !== undefined
        ? []
        : [set(at('securityContext', field), securityContext[field])],
    ),
  );
}

const unconfined = { type: 'Unconfined' };

/** Replaces `privileged` by the settings that it implies. */
const unprivilegedEdits = ({ containers }: PodSubject, isExempt: boolean): Edit[] =>
  containers
    .filter(({ isPrivileged }) => isPrivileged)
    .flatMap(({ at }) => {
      const included = [
        set(at('securityContext', 'capabilities', 'add'), ['ALL']),
        set(at('securityContext', 'seccompProfile'), unconfined),
        set(at('securityContext', 'appArmorProfile'), unconfined),
      ];
      return [unset(at('securityContext', 'privileged')), ...(isExempt ? [] : included)];
    });

/** Removes user 0, the profile `Unconfined` and SYS_ADMIN. */
const maskRemovals = (pod: PodSubject): Edit[] => [
  ...securityContextsOf(pod).flatMap(({ security, at }) => [
    ...(security.runAsUser === 0 ? [unset(at('runAsUser'))] : []),
    ...(security.seccompProfile?.type === 'Unconfined' ? [unset(at('seccompProfile'))] : []),
  ]),
  ...pod.containers.filter(mayAdministrate).map(({ security, at }) => {
    const others = security.capabilities?.add?.filter((name) => spelledCapability(name) !== 'SYS_ADMIN');
    return set(at('securityContext', 'capabilities', 'add'), others);
  }),
];

function edited(source: SubjectSource, edits: readonly Edit[]): SubjectSource {
  if (edits.length === 0) return source;
  return { ...source, pod: applyPatch(source.pod, toJsonPatch(source.pod, edits)) as SubjectSource['pod'] };
}
