import type { Pointer } from '../patch/pointer.ts';
import { oncePerPod } from './pod-facts.ts';

/** One image that a Pod runs or mounts. */
export interface PodImage {
  readonly reference: string;
  readonly path: Pointer;
  /** The container that uses it; undefined for a volume. */
  readonly container: string | undefined;
  readonly volume: string | undefined;
  readonly pullPolicy: string | undefined;
  readonly pullPolicyPath: Pointer;
}

/**
 * The images of all containers and image volumes, except placeholders: empty ones (which only a template may have) and
 * Istio's `auto` in a template, which its webhook replaces in the Pod.
 */
export const imagesOf = oncePerPod((pod): readonly PodImage[] => {
  const ofContainers = pod.containers.map(({ name, spec, at }) => ({
    reference: spec.image ?? '',
    path: at('image'),
    container: name,
    volume: undefined,
    pullPolicy: spec.imagePullPolicy,
    pullPolicyPath: at('imagePullPolicy'),
  }));
  const ofVolumes = (pod.spec.volumes ?? []).map(({ name, image }, index) => ({
    reference: image?.reference ?? '',
    path: pod.at('volumes', index, 'image', 'reference'),
    container: undefined,
    volume: name,
    pullPolicy: image?.pullPolicy,
    pullPolicyPath: pod.at('volumes', index, 'image', 'pullPolicy'),
  }));
  return [...ofContainers, ...ofVolumes].filter(
    ({ reference }) => reference.trim() !== '' && !(pod.isTemplate && reference === 'auto'),
  );
});
