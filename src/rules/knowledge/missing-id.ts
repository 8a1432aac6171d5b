import { quotedNames } from '../../engine/quoted.ts';
import type { Finding } from '../../engine/rule.ts';
import { set } from '../../patch/edits.ts';
import type { ContainerView } from '../../subject/container-view.ts';
import type { PodSubject } from '../../subject/pod-subject.ts';

/** Containers whose user or group is up to the image. The fix sets the value for the Pod, unless one relies on root. */
export function* missingIds(
  pod: PodSubject,
  field: 'runAsUser' | 'runAsGroup',
  open: readonly ContainerView[],
  value: number | undefined,
): Generator<Finding> {
  const path = pod.at('securityContext', field);
  const mayFill = value !== undefined && !open.some(reliesOnRoot);
  if (pod.isEditable(path)) {
    const fault = open.map(({ name }) => name);
    const message = `${field} of ${quotedNames(fault)} is up to the image; set spec.securityContext.${field}`;
    yield { path, message, fault, fix: mayFill ? () => [set(path, value)] : undefined };
    return;
  }
  for (const { name, at } of open)
    yield {
      path: at('securityContext', field),
      container: name,
      message: `leaves ${field} to its image; set securityContext.${field}`,
    };
}

const reliesOnRoot = ({ isPrivileged, security, effective }: ContainerView): boolean =>
  isPrivileged || effective.runAsNonRoot === false || (security.capabilities?.add?.length ?? 0) > 0;
