import type { PodSubject } from '../subject/pod-subject.ts';
import type { Finding } from './rule.ts';

const message = 'only Windows nodes are selected; set spec.os.name: windows, or this counts as Linux';

/**
 * Findings that only a Linux Pod can have. Of a Pod that selects Windows nodes and does not say in `spec.os` that it is
 * for them, they become one: Pod Security holds it to the rules for Linux, whose fields it must not have.
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
