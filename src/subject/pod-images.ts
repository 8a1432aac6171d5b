import type { Pointer } from '../patch/pointer.ts';
import { oncePerPod } from './pod-facts.ts';

/** One image that a Pod runs or mounts. */
export interface PodImage {
  readonly reference: string;
  /** The container that uses it; undefined for a volume. */
  readonly container: string | undefined;
  readonly volume: string | undefined;
  readonly pullPolicy: string | undefined;
  /** The pointer to its reference or to its pull policy. */
  at(part: ImagePart): Pointer;
}

type ImagePart = 'reference' | 'pullPolicy';
const containerFields = { reference: 'image', pullPolicy: 'imagePullPolicy' } as const;

/**
 * The images of all containers and image volumes, except placeholders: empty ones (which only a template may have) and
 * Istio's `auto` in a template, which its webhook replaces in the Pod.
 */
export const imagesOf = oncePerPod((pod): readonly PodImage[] => {
  const images: PodImage[] = [];
  const add = (image: PodImage): void => {
    const { reference } = image;
    if (reference.trim() !== '' && !(pod.isTemplate && reference === 'auto')) images.push(image);
  };
  for (const { name: container, spec, at } of pod.containers) {
    const { image: reference = '', imagePullPolicy: pullPolicy } = spec;
    add({ reference, container, volume: undefined, pullPolicy, at: (part) => at(containerFields[part]) });
  }
  for (const [index, { name: volume, image }] of (pod.spec.volumes ?? []).entries()) {
    if (image === undefined) continue;
    const { reference = '', pullPolicy } = image;
    const at = (part: ImagePart): Pointer => pod.at('volumes', index, 'image', part);
    add({ reference, container: undefined, volume, pullPolicy, at });
  }
  return images;
});
