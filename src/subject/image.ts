import { remembered } from './remembered.ts';

/** The parts of an image reference, with the container runtime's defaults. */
export interface ImageReference {
  readonly registry: string;
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
  if (hash?.startsWith('sha256:') && hash.length !== 'sha256:'.length + 64) return undefined;
  return { ...located(domain, path), tag: version, digest: hash };
}

/** Whether the kubelet always contacts the registry under the API server's default pull policy. */
export function defaultPullPolicy(reference: string): 'Always' | 'IfNotPresent' {
  const image = parseImage(reference);
  if (image === undefined) return 'IfNotPresent';
  return image.tag === 'latest' || (image.tag === undefined && image.digest === undefined) ? 'Always' : 'IfNotPresent';
}

/** A first component without dot, port or capital is not a registry but part of a docker.io path. */
function located(domain: string | undefined, path: string): Pick<ImageReference, 'registry' | 'repository'> {
  if (domain !== undefined && (/[.:A-Z]/.test(domain) || domain === 'localhost')) {
    const registry = domain === 'index.docker.io' ? 'docker.io' : domain;
    return { registry, repository: registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path };
  }
  const repository = domain === undefined ? path : `${domain}/${path}`;
  return { registry: 'docker.io', repository: repository.includes('/') ? repository : `library/${repository}` };
}
