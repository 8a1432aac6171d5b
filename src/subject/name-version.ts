import { parseImage } from './image.ts';

/**
 * The part of a container's name that is a version of its image: one with the form of a version (`v2-3-1`), the tag
 * itself (`1-27` for `nginx:1.27.3`), a complete hash, or `postgres-16` for `postgres:16`. Otherwise, a single number
 * does not count: `worker-2` is the second worker and `api-v1` an API.
 */
export function versionInName(name: string, reference: string): string | undefined {
  // every version has a digit
  if (!/\d/.test(name)) return undefined;
  const written = /(?:^|-)(v\d+(?:-\d+)+)(?:-|$)/.exec(name);
  if (written !== null) return written[1];
  const image = parseImage(reference);
  if (image?.tag === undefined) return undefined;
  const tag = image.tag.toLowerCase();
  const base = image.repository.slice(image.repository.lastIndexOf('/') + 1);
  const [, major = '', minor] = /^v?(\d+)(?:\.(\d+))?/.exec(tag) ?? [];
  if (minor !== undefined && has(name, `${major}-${minor}`)) return `${major}-${minor}`;
  if (/^[\da-f]{7,64}$/.test(tag) && /\d/.test(tag) && has(name, tag)) return tag;
  const isWhole = /^v?\d+$/.test(tag) && (name === `${base}-${tag}` || name === `${base}${tag}`);
  return isWhole ? tag : undefined;
}

/** Whether the name contains the part between hyphens or its ends, optionally preceded by `v`. */
function has(name: string, part: string): boolean {
  return `-${name}-`.includes(`-${part}-`) || `-${name}-`.includes(`-v${part}-`);
}
