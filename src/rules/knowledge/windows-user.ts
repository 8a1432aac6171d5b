import { quoted } from '../../engine/quoted.ts';
import type { Finding } from '../../engine/rule.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';
import { isMeantForWindows } from './unmarked-windows.ts';

/**
 * The problem with the user of a container on Windows, where `runAsUser` has no effect and `runAsUserName` may be unset;
 * undefined for a Pod that is not for Windows.
 */
export function windowsUserFault(
  pod: PodSubject,
  { security }: ContainerView,
): Pick<Finding, 'message' | 'fault'> | undefined {
  if (!isMeantForWindows(pod)) return undefined;
  const user = security.windowsOptions?.runAsUserName ?? pod.spec.securityContext?.windowsOptions?.runAsUserName ?? '';
  const name = user.trim().toLowerCase();
  if (plainUsers.has(name)) return { message: 'is not declared non-root; set runAsNonRoot: true', fault: 0 };
  if (administrators.has(name)) return { message: `is ${quoted(user)}, an administrator; ${advice}`, fault: 2 };
  const message = 'may be an administrator; set runAsNonRoot: true (and windowsOptions.runAsUserName: ContainerUser)';
  return { message, fault: 1 };
}

const advice = 'set runAsUserName: ContainerUser (and runAsNonRoot: true)';

/** Without regard to case, as Windows compares names. */
const administrators = new Set(['containeradministrator', 'nt authority\\system']);
const plainUsers = new Set(['containeruser', 'nt authority\\local service', 'nt authority\\network service']);
