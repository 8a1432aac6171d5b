import { parseImage } from './image.ts';
import { knownImages } from './known-images.ts';
import { remembered } from './remembered.ts';

/** Facts about an image that a manifest does not show. An absent fact is unknown. */
export interface ImageFacts {
  /** The user that it runs as unless a manifest sets another: a number, or a name in the image's own list of users. */
  readonly user?: number | string;
  /** Programs with setuid, setgid or file capabilities that it relies on: under no_new_privs they do not work. */
  readonly setuid?: readonly string[];
  /** File capabilities of the program that it starts: without them the kernel refuses to execute it. */
  readonly capabilities?: readonly string[];
  /** Whether it contains a shell. */
  readonly shell?: boolean;
  /** Whether it contains `sleep`; absent: if it contains a shell. */
  readonly sleep?: boolean;
}

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
