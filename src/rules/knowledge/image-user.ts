import { isRootUser, type StatedFacts } from '../../engine/image-entry.ts';
import { quoted } from '../../engine/quoted.ts';
import type { Finding } from '../../engine/rule.ts';
import { set } from '../../patch/edits.ts';
import type { Pointer } from '../../patch/pointer.ts';

/**
 * The problem with a container that runs as the user of its image, without `runAsNonRoot: true` at this path. With it,
 * the kubelet starts no image whose user is a name.
 */
export function imageUserFault(
  path: Pointer,
  { user, isUserStated }: StatedFacts,
): Pick<Finding, 'message' | 'fault' | 'fix'> {
  if (user === undefined) {
    const message = 'may be root, its image decides; set runAsNonRoot: true (and runAsUser for an image built as root)';
    return { message, fault: 1 };
  }
  if (isRootUser(user))
    return { message: 'is root, the user of its image; set another runAsUser and runAsNonRoot: true', fault: 2 };
  if (typeof user === 'string') {
    const message = `is ${quoted(user)} by its image; set the number of that user as runAsUser, and runAsNonRoot: true`;
    return { message, fault: 0 };
  }
  const message = `is user ${user} by its image but not declared non-root; set runAsNonRoot: true`;
  return { message, fault: 0, fix: isUserStated ? () => [set(path, true)] : undefined };
}
