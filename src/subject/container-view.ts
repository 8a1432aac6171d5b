import { type Pointer, pointer } from '../patch/pointer.ts';
import type { Container, PodSpec, SecurityContext } from './pod-types.ts';
import { isSidecar } from './resources.ts';

export type ContainerRole = 'init' | 'sidecar' | 'main' | 'ephemeral';

/** One container with its location in the Pod and its inherited settings. */
export interface ContainerView {
  readonly role: ContainerRole;
  readonly name: string;
  readonly spec: Container;
  readonly path: Pointer;
  /** The container's own security context, or `{}`. */
  readonly security: SecurityContext;
  /** Privileged: the runtime does not confine it. */
  readonly isPrivileged: boolean;
  /** The container's security context, with missing fields from the Pod's. */
  readonly effective: Pick<SecurityContext, 'runAsUser' | 'runAsGroup' | 'runAsNonRoot' | 'seccompProfile'>;
  /** The pointer to a field of this container. */
  at(...fields: (string | number)[]): Pointer;
}

const fields = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** All containers of a Pod, in the order of Pod Security's own checks: init, main, ephemeral. */
export function viewContainers(spec: PodSpec): ContainerView[] {
  const views: ContainerView[] = [];
  for (const field of fields)
    spec[field]?.forEach((container, index) => {
      views.push(viewOf(spec, field, container, `/spec/${field}/${index}`));
    });
  return views;
}

function viewOf(spec: PodSpec, field: (typeof fields)[number], container: Container, path: Pointer): ContainerView {
  const security = container.securityContext ?? {};
  return {
    role: roleOf(field, container),
    name: container.name ?? '',
    spec: container,
    path,
    security,
    isPrivileged: security.privileged === true,
    effective: effectiveOf(security, spec),
    at: (...below) => `${path}${pointer(...below)}`,
  };
}

function roleOf(field: (typeof fields)[number], container: Container): ContainerRole {
  if (field === 'initContainers') return isSidecar(container) ? 'sidecar' : 'init';
  return field === 'containers' ? 'main' : 'ephemeral';
}

/** Per field, the container's value or else the Pod's; a seccomp profile is inherited as a whole. */
function effectiveOf(own: SecurityContext, spec: PodSpec): ContainerView['effective'] {
  const pod = spec.securityContext ?? {};
  return {
    runAsUser: own.runAsUser ?? pod.runAsUser,
    runAsGroup: own.runAsGroup ?? pod.runAsGroup,
    runAsNonRoot: own.runAsNonRoot ?? pod.runAsNonRoot,
    seccompProfile: own.seccompProfile ?? pod.seccompProfile,
  } as ContainerView['effective'];
}
