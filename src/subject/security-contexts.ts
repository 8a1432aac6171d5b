import type { Pointer } from '../patch/pointer.ts';
import { oncePerPod } from './pod-facts.ts';
import type { PodSpec, SecurityContext } from './pod-types.ts';

type PodSecurityContext = NonNullable<PodSpec['securityContext']>;

/** The fields that the Pod's security context and a container's have in common. */
type SharedFields = Pick<SecurityContext & PodSecurityContext, keyof SecurityContext & keyof PodSecurityContext>;

/** One security context with its location. */
export interface SecurityContextView {
  readonly security: SharedFields;
  /** The container; absent for the Pod's security context. */
  readonly container?: string;
  /** The pointer to a field below the security context. */
  at(...fields: (string | number)[]): Pointer;
}

/**
 * The Pod's security context, then those of its containers, each as written, because a bad value counts even if every
 * container overrides it. If the Pod's can no longer be changed, containers are shown with the inherited values.
 */
export const securityContextsOf = oncePerPod((pod): readonly SecurityContextView[] => {
  const ofPod = pod.spec.securityContext ?? {};
  const ofContainers = pod.containers.map(({ name, security, at }) => ({
    security: pod.isWhole ? security : { ...ofPod, ...security },
    container: name,
    at: (...fields: (string | number)[]) => at('securityContext', ...fields),
  }));
  if (!pod.isWhole) return ofContainers;
  return [{ security: ofPod, at: (...fields) => pod.at('securityContext', ...fields) }, ...ofContainers];
});
