import type { Finding } from '../../engine/rule.ts';
import { oncePerPod } from '../../subject/pod-facts.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { securityContextsOf } from '../../subject/security-contexts.ts';

const marked = 'set spec.os.name: windows, or this counts as Linux';

/** Whether the Pod is for Windows nodes only: it can be scheduled nowhere else, or has a container on the host itself. */
export const isMeantForWindows = (pod: PodSubject): boolean => pod.onWindows || isHostProcess(pod);

/** Whether it sets `hostProcess`, which only Windows has, and no operating system that contradicts it. */
const isHostProcess = oncePerPod(
  (pod) =>
    pod.spec.os === undefined &&
    securityContextsOf(pod).some(({ security }) => security.windowsOptions?.hostProcess === true),
);

/**
 * Findings that only a Linux Pod can have. For a Pod for Windows nodes that does not set `spec.os`, they become
 * a single one: Pod Security applies the Linux rules to it, but Windows Pods must not set those fields.
 */
export const unlessForWindows = (pod: PodSubject, findings: Iterable<Finding>): Iterable<Finding> =>
  isMeantForWindows(pod) ? markAdvice(pod, findings) : findings;

function* markAdvice(pod: PodSubject, findings: Iterable<Finding>): Generator<Finding> {
  const path = pod.at('os', 'name');
  const message = `${pod.onWindows ? 'only Windows nodes are selected' : 'hostProcess is for Windows'}; ${marked}`;
  for (const finding of findings) {
    if (!pod.isEditable(path)) yield { path: finding.path, container: finding.container, message };
    else {
      yield { path, message };
      return;
    }
  }
}
