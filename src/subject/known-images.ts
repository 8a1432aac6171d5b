import { parseImage } from './image.ts';
import type { ImageFacts, KnownImages } from './image-facts.ts';
import { barePrograms } from './known-images/bare-programs.ts';
import { bareProgramsOfRoot } from './known-images/bare-programs-of-root.ts';
import { privilegedImages } from './known-images/privileged-images.ts';
import { rootImages } from './known-images/root-images.ts';
import { usersOfImages } from './known-images/users-of-images.ts';
import { usersOfMonitoring } from './known-images/users-of-monitoring.ts';
import { remembered } from './remembered.ts';

/** The built-in table. A line goes in only if its source has been read. */
export const knownImages: readonly KnownImages[] = [
  ...privilegedImages,
  ...barePrograms,
  ...bareProgramsOfRoot,
  ...usersOfImages,
  ...usersOfMonitoring,
  ...rootImages,
];

/**
 * The facts of the built-in table about an image; `{}` if it is unknown. A mirror is recognized if it keeps the path of
 * the image and, if that path has only one part or is a pattern, the name of the registry too.
 */
export const knownFactsOf: (reference: string) => ImageFacts = remembered((reference) => {
  const image = parseImage(reference);
  if (image === undefined) return {};
  const full = `/${image.registry}/${image.repository}/`;
  const { user, ...facts } = knownImages.find(({ images }) => images.some((name) => isNamed(full, name)))?.facts ?? {};
  return user === undefined || variant.test(image.tag ?? '') ? facts : { user, ...facts };
});

/** Tags of variants that may have another user. */
const variant = /(?:^|[-.])(?:distroless|nonroot|root|rootless|ubi\d*|unprivileged)(?:$|[-.])/;

/** Whether the full name between slashes ends with the path of a known image, or contains it before a star. */
function isNamed(full: string, name: string): boolean {
  const path = name.slice(name.indexOf('/'));
  // a path that is ambiguous alone counts with its registry
  const part = path.lastIndexOf('/') === 0 || path.endsWith('/*') ? `/${name}` : path;
  return part.endsWith('*') ? full.includes(part.slice(0, -1)) : full.endsWith(`${part}/`);
}
