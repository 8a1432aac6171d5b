import { type Pointer, valueAt } from '../patch/pointer.ts';
import type { ContainerView } from './container-view.ts';
import type { PodSubject } from './pod-subject.ts';

/** Whether Istio's webhook completes the container in the Pods of this template: its image is `auto`. */
export const isPlaceholder = (pod: PodSubject, { spec }: ContainerView): boolean =>
  pod.isTemplate && spec.image === 'auto';

/** Whether a field that a container of a template lacks is left to injection. The Pod is evaluated when it is created. */
export function isLeftToInjection(pod: PodSubject, path: Pointer): boolean {
  const container = pod.isTemplate ? pod.containerAt(path) : undefined;
  return container !== undefined && isPlaceholder(pod, container) && valueAt({ spec: pod.spec }, path) === undefined;
}
