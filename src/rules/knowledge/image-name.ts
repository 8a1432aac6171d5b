import type { ImageReference } from '../../subject/image.ts';

const maxName = 50;

/** The full name of an image without tag and digest, such as `docker.io/library/nginx`. */
export const fullNameOf = ({ registry, repository }: ImageReference): string => `${registry}/${repository}`;

/** The full name for messages, cut at its end because the registry matters most. */
export function shownName(image: ImageReference): string {
  const name = fullNameOf(image);
  return name.length > maxName ? `${name.slice(0, maxName - 1)}…` : name;
}
