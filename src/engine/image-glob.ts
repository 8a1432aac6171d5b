import type { ImageReference } from '../subject/image.ts';
import { registryName } from '../subject/registry.ts';
import { remembered } from '../subject/remembered.ts';
import { matchesGlob } from './glob.ts';

/**
 * Whether a glob matches an image by its full name, such as `docker.io/library/nginx`, and by tag or digest if the glob
 * has one. Without either, the tag is `latest`. Spellings of one registry match each other.
 */
export function matchesImage(written: string, { registry, repository, tag, digest }: ImageReference): boolean {
  const pattern = imagePattern(written);
  const name = `${registry}/${repository}`;
  if (/@[^/]*$/.test(pattern)) return digest !== undefined && matchesGlob(pattern, `${name}@${digest}`);
  if (!/:[^/]*$/.test(pattern)) return matchesGlob(pattern, name);
  const effective = tag ?? (digest === undefined ? 'latest' : undefined);
  return effective !== undefined && matchesGlob(pattern, `${name}:${effective}`);
}

/** Whether a glob matches an image as in `matchesImage`, or its registry if the glob has neither `/` nor `@`. */
export const matchesImageOrRegistry = (pattern: string, image: ImageReference): boolean =>
  /[/@]/.test(pattern) ? matchesImage(pattern, image) : matchesGlob(registryPattern(pattern), image.registry);

const registryPattern = remembered(registryName);

/** The glob with the one name of its registry, which ends at the first slash, or at a star before it. */
const imagePattern = remembered((pattern) => {
  const end = (pattern.includes('/') ? /\// : /[*@:]|$/).exec(pattern)?.index;
  return `${registryName(pattern.slice(0, end))}${pattern.slice(end)}`;
});

/** The digest of a glob, or its tag. */
const versions = [/@[^/]*$/, /:[^/]*$/];

/**
 * Whether a glob matches, as in `matchesImage`, every image that another one matches. A star of the other one can only
 * be matched by a star.
 */
export function coversImages(written: string, otherWritten: string): boolean {
  const [pattern, other] = [imagePattern(written), imagePattern(otherWritten)];
  if (pattern === other) return true;
  const [own, others] = [pattern, other].map((each) => versions.find((version) => version.test(each)));
  if (own === undefined) return matchesGlob(pattern, others === undefined ? other : other.replace(others, ''));
  return own === others && matchesGlob(pattern, other);
}
