import { registryName } from './registry.ts';
import { remembered } from './remembered.ts';

/** The parts of an image reference, with the container runtime's defaults. */
export interface ImageReference {
  /** By the name that all spellings of its host have in common. */
  readonly registry: string;
  /** As written; `docker.io` if there is none, and for `index.docker.io`, which the container runtime replaces. */
  readonly host: string;
  readonly repository: string;
  /** As written; undefined means `latest` unless there is a digest. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

// The grammar of distribution/reference: [registry[:port]/]path[:tag][@digest]
const host = String.raw`(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])`;
const registry = String.raw`(?:${host}(?:\.${host})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
const component = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const tag = String.raw`\w[\w.-]{0,127}`;
const digest = String.raw`[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}`;
const grammar = new RegExp(`^(?:(${registry})/)?(${component}(?:/${component})*)(?::(${tag}))?(?:@(${digest}))?$`);

/** The parsed reference; undefined if the kubelet would reject it as `InvalidImageName`. */
export const parseImage = (reference: string): ImageReference | undefined => parsed(reference).image;

const parsed = remembered((reference: string) => ({ image: parse(reference) }));

function parse(reference: string): ImageReference | undefined {
  if (reference.length > 1024 || /^[a-f0-9]{64}$/.test(reference)) return undefined;
  const match = grammar.exec(reference);
  if (match === null) return undefined;
  const [, domain, path = '', version, hash] = match;
  if (hash !== undefined && !isDigest(hash)) return undefined;
  return { ...located(domain, path), tag: version, digest: hash };
}

/** How many hex digits each algorithm of the kubelet gives (`opencontainers/go-digest`); in capitals they do not count. */
const digestLengths = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

function isDigest(text: string): boolean {
  const [algorithm = '', hex = ''] = text.split(':');
  return hex.length === digestLengths.get(algorithm) && !/[A-F]/.test(hex);
}

/** A reference of which only the digest is wrong, in two parts. */
export function badDigestOf(reference: string): { readonly name: string; readonly digest: string } | undefined {
  const at = reference.indexOf('@');
  if (at === -1 || parseImage(reference) !== undefined) return undefined;
  const name = reference.slice(0, at);
  return parseImage(name) && { name, digest: reference.slice(at + 1) };
}

/** Whether the kubelet always contacts the registry under the API server's default pull policy. */
export function defaultPullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  const image = parseImage(reference);
  if (image === undefined) return 'IfNotPresent';
  return image.tag === 'latest' || (image.tag === undefined && image.digest === undefined) ? 'Always' : 'IfNotPresent';
}

/** A first component without dot, port or capital is not a registry but part of a docker.io path. */
function located(domain: string | undefined, path: string): Pick<ImageReference, 'registry' | 'host' | 'repository'> {
  const isHost = domain !== undefined && (/[.:A-Z]/.test(domain) || domain === 'localhost');
  const host = !isHost || domain === 'index.docker.io' ? 'docker.io' : domain;
  const registry = registryName(host);
  const written = isHost || domain === undefined ? path : `${domain}/${path}`;
  return {
    registry,
    host,
    repository: registry === 'docker.io' && !written.includes('/') ? `library/${written}` : written,
  };
}
