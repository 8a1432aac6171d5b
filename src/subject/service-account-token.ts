import type { PodSubject } from './pod-subject.ts';
import { claimsToBeMirror } from './special-pods.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';

/** How a Pod stands to the token that its service account hands to containers that mount nothing at its path. */
export type AutomaticToken = 'mounted' | 'expected' | 'absent';

/**
 * Whether containers have the automatic token already, as in a Pod that has been through admission, or will get it, as
 * far as the Pod tells (`plugin/pkg/admission/serviceaccount`): its service account may opt out too. The plugin compares
 * mount paths letter by letter.
 */
export function automaticToken(pod: PodSubject): AutomaticToken {
  if (pod.spec.automountServiceAccountToken === false || claimsToBeMirror(pod)) return 'absent';
  const mounts = pod.containers
    .filter(({ role }) => role !== 'ephemeral')
    .map(({ spec }) => spec.volumeMounts?.find(({ mountPath }) => mountPath === tokenPath));
  if (mounts.some((mount) => mount?.name?.startsWith(volumePrefix))) return 'mounted';
  return mounts.includes(undefined) && !isAdmitted(pod) ? 'expected' : 'absent';
}

/** Every Pod out of the API server repeats the name of its service account in the field of old; few manifests do. */
const isAdmitted = ({ isTemplate, spec }: PodSubject): boolean =>
  !isTemplate && Boolean(spec.serviceAccountName) && spec.serviceAccount === spec.serviceAccountName;
