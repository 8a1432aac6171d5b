import { registryName } from '../subject/registry.ts';

/**
 * Why a glob for images can never match, and what to write instead; undefined if it can. Images are matched by their
 * full name, such as `docker.io/library/nginx`, and by tag or digest if the glob has one.
 */
export function imageFault(pattern: string): string | undefined {
  const scheme = /^[a-z]+:\/\//i.exec(pattern)?.[0];
  if (scheme !== undefined) return `must not begin with ${scheme}; an image has no scheme`;
  const [strange] = /[^\w.\-/:@*+[\]]/u.exec(pattern) ?? [];
  if (strange !== undefined)
    return `can never match, because no image has ${JSON.stringify(strange)} in it; only * is special`;
  const { name, tag, digest } = partsOf(pattern);
  if (tag !== undefined && digest !== undefined)
    return `can never match: with a digest, the tag is not compared; remove ":${tag}"`;
  const version = pattern.slice(name.length);
  const full = fullName(name);
  if (full !== name) return `can never match: images are compared by their full name; write "${full}${version}"`;
  if (/[A-Z]/.test(repositoryOf(name)))
    return `can never match: repositories are lowercase; write "${name.toLowerCase()}${version}"`;
  return undefined;
}

/** The parts to which `matchesImage` applies a tag and a digest. */
function partsOf(pattern: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const [, before = '', digest] = /^(.*?)(?:@([^/]*))?$/.exec(pattern) ?? [];
  const [, name = '', tag] = /^(.*?)(?::([^/]*))?$/.exec(before) ?? [];
  return { name, tag, digest };
}

/** The full name, with a registry. A star before the first slash can match any registry. */
function fullName(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const path = rest.join('/');
  if (first.includes('*')) return name;
  if (rest.length === 0) return isRegistry(first) ? `${first}/*` : `docker.io/library/${first}`;
  if (!isRegistry(first)) return `docker.io/${name}`;
  if (path === '') return `${first}/*`;
  return registryName(first) === 'docker.io' && !/[/*]/.test(path) ? `docker.io/library/${path}` : name;
}

/** The first part is a registry only if it has a dot, a port or a capital; otherwise it belongs to a path on Docker Hub. */
const isRegistry = (first: string): boolean => /[.:A-Z]/.test(first) || first === 'localhost';

/** The part of the name that certainly does not include the registry. */
const repositoryOf = (name: string): string =>
  name.includes('/') ? name.slice(name.indexOf('/')) : name.slice(name.lastIndexOf('*') + 1);
