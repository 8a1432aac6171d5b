import type { PodSubject } from '../subject/pod-subject.ts';
import type { Finding } from './rule.ts';

const message = 'only Windows nodes are selected; set spec.os.name: windows, or this counts as Linux';

/**
 * Findings that only a Linux Pod can have. For a Pod that selects Windows nodes without setting `spec.os`, they become
 * a single one: Pod Security applies the Linux rules to it, but Windows Pods must not set those fields.
 */
export function* unlessForWindows(pod: PodSubject, findings: Iterable<Finding>): Generator<Finding> {
  const path = pod.at('os', 'name');
  for (const finding of findings) {
    if (!pod.onWindows) yield finding;
    else if (!pod.isEditable(path)) yield { path: finding.path, container: finding.container, message };
    else {
      yield { path, message };
      return;
    }
  }
}
