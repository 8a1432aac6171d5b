import { applyPatch } from '../patch/apply-patch.ts';
import { unset } from '../patch/edits.ts';
import { toJsonPatch } from '../patch/json-patch.ts';
import type { Pointer } from '../patch/pointer.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import { securityContextsOf } from '../subject/security-contexts.ts';

/**
 * The Pod, and the Pod without the values whose findings replace those of other rules: a privileged container has no
 * capabilities to drop, on the host network every port is one of the node, and user 0 is root under any `runAsNonRoot`.
 * Removing such a value makes nothing worse.
 */
export function laidBare(source: SubjectSource): readonly [PodSubject, ...PodSubject[]] {
  const given = subjectOf(source);
  const unprivileged = without(source, [
    ...(given.spec.hostNetwork === true ? [given.at('hostNetwork')] : []),
    ...given.containers.filter((one) => one.isPrivileged).map(({ at }) => at('securityContext', 'privileged')),
  ]);
  const ofRoot = securityContextsOf(given).filter(({ security }) => security.runAsUser === 0);
  const rootless = without(
    unprivileged,
    ofRoot.map(({ at }) => at('runAsUser')),
  );
  return [given, ...[...new Set([unprivileged, rootless])].filter((one) => one !== source).map(subjectOf)];
}

function without(source: SubjectSource, paths: readonly Pointer[]): SubjectSource {
  if (paths.length === 0) return source;
  return { ...source, pod: applyPatch(source.pod, toJsonPatch(source.pod, paths.map(unset))) as SubjectSource['pod'] };
}
