import type { ImageReference } from '../subject/image.ts';
import { matchesGlob } from './glob.ts';

/**
 * Whether a glob matches an image by its full name, such as `docker.io/library/nginx`, and by tag or digest if the glob
 * has one. Without either, the tag is `latest`.
 */
export function matchesImage(pattern: string, { registry, repository, tag, digest }: ImageReference): boolean {
  const name = `${registry}/${repository}`;
  if (/@[^/]*$/.test(pattern)) return digest !== undefined && matchesGlob(pattern, `${name}@${digest}`);
  if (!/:[^/]*$/.test(pattern)) return matchesGlob(pattern, name);
  const effective = tag ?? (digest === undefined ? 'latest' : undefined);
  return effective !== undefined && matchesGlob(pattern, `${name}:${effective}`);
}

/** Whether a glob matches an image as in `matchesImage`, or its registry if the glob has neither `/` nor `@`. */
export const matchesImageOrRegistry = (pattern: string, image: ImageReference): boolean =>
  /[/@]/.test(pattern) ? matchesImage(pattern, image) : matchesGlob(pattern, image.registry);
