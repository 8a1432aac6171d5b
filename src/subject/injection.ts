import { type Pointer, valueAt } from '../patch/pointer.ts';
import type { PodSubject } from './pod-subject.ts';

/**
 * Whether a field that a container of a template lacks is left to injection: Istio's webhook completes a container with
 * the image `auto` in the Pod. The completed Pod is evaluated when it is created.
 */
export const isLeftToInjection = (pod: PodSubject, path: Pointer): boolean =>
  pod.isTemplate && pod.containerAt(path)?.spec.image === 'auto' && valueAt({ spec: pod.spec }, path) === undefined;
