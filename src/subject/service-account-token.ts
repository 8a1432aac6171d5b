import type { PodSubject } from './pod-subject.ts';
import { claimsToBeMirror } from './special-pods.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';

/** A Pod's use of the token that is mounted automatically, in containers that mount nothing at its path. */
export type AutomaticToken = 'mounted' | 'expected' | 'absent';

/**
 * Whether containers already have the automatic token, as in an admitted Pod, or will get it, as far as the Pod shows
 * (`plugin/pkg/admission/serviceaccount`): its service account may opt out too. The plugin compares mount paths
 * exactly.
 */
export function automaticToken(pod: PodSubject): AutomaticToken {
  if (pod.spec.automountServiceAccountToken === false || claimsToBeMirror(pod)) return 'absent';
  let isFree = false;
  for (const { role, spec } of pod.containers) {
    if (role === 'ephemeral') continue;
    const mount = spec.volumeMounts?.find(({ mountPath }) => mountPath === tokenPath);
    if (mount?.name?.startsWith(volumePrefix)) return 'mounted';
    isFree ||= mount === undefined;
  }
  return isFree && !isAdmitted(pod) ? 'expected' : 'absent';
}

/** The API server also sets the deprecated `serviceAccount` field; manifests rarely do. */
const isAdmitted = ({ isTemplate, spec }: PodSubject): boolean =>
  !isTemplate && Boolean(spec.serviceAccountName) && spec.serviceAccount === spec.serviceAccountName;
