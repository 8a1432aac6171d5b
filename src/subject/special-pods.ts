import type { PodSubject } from './pod-subject.ts';
import type { PodMetadata } from './pod-types.ts';

/** Whether `kubectl debug node/…` created the Pod, by the label that it sets from Kubernetes 1.34. Anyone can set it. */
export function isForNodeDebugging({ metadata }: PodSubject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubectl-debug';
}

/** Whether the Pod claims to mirror a static Pod. If the claim is false, no kubelet ever runs it. */
export function claimsToBeMirror({ metadata }: PodSubject): boolean {
  return metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

/** Whether the Pod claims to mirror a static Pod of the Node in its owner reference, as kubelets write it. */
export function mirrorsStaticPod({ annotations, ownerReferences }: PodMetadata): boolean {
  return (
    annotations?.['kubernetes.io/config.mirror'] !== undefined &&
    ownerReferences?.some(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Node') === true
  );
}
