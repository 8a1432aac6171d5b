import type { PodSubject } from './pod-subject.ts';

/** Whether `kubectl debug node/…` made the Pod: by the label that it sets from Kubernetes 1.34. Anybody can set it. */
export function isForNodeDebugging({ metadata }: PodSubject): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubectl-debug';
}

/** Whether the Pod claims to mirror a static Pod. Where the claim is false no kubelet ever runs it. */
export function claimsToBeMirror({ metadata }: PodSubject): boolean {
  return metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}
