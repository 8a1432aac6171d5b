import type { ImageReference } from '../subject/image.ts';
import { matchesGlob } from './glob.ts';

/**
 * Whether a glob matches an image by its completed name, `docker.io/library/nginx`; by tag or digest too if the glob has
 * one. No tag and no digest is the tag `latest`.
 */
export function matchesImage(pattern: string, { registry, repository, tag, digest }: ImageReference): boolean {
  const name = `${registry}/${repository}`;
  if (/@[^/]*$/.test(pattern)) return digest !== undefined && matchesGlob(pattern, `${name}@${digest}`);
  if (!/:[^/]*$/.test(pattern)) return matchesGlob(pattern, name);
  const effective = tag ?? (digest === undefined ? 'latest' : undefined);
  return effective !== undefined && matchesGlob(pattern, `${name}:${effective}`);
}
