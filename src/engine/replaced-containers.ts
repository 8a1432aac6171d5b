import { parseImage } from '../subject/image.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

/** The containers, by name, whose findings are new because they are not the containers that they were. */
export interface Replacements {
  /** The image is from another repository than the one that ran under the name, if there was one. */
  readonly replaced: ReadonlySet<string>;
  /** It was an init container and is a sidecar or a main container. */
  readonly prolonged: ReadonlySet<string>;
}

/** The replacements between two versions of a Pod. */
export function replacementsIn(pod: PodSubject, former: PodSubject): Replacements {
  const before = repositoriesOf(former);
  const known = new Set(before.values());
  const isOther = (name: string, repository: string): boolean => {
    const own = before.get(name);
    return own === undefined ? !known.has(repository) : own !== repository;
  };
  const replaced = [...repositoriesOf(pod)].flatMap(([name, repository]) => (isOther(name, repository) ? [name] : []));
  const formerRoles = new Map(former.containers.map(({ name, role }) => [name, role]));
  const prolonged = pod.containers.flatMap(({ name, role }) =>
    role !== 'init' && formerRoles.get(name) === 'init' ? [name] : [],
  );
  return { replaced: new Set(replaced), prolonged: new Set(prolonged) };
}

/** The image repositories that containers of a name run; an image that cannot be parsed counts as a repository of its own. */
function repositoriesOf(pod: PodSubject): Map<string, string> {
  return new Map(pod.containers.map(({ name, spec }) => [name, repositoryOf(spec.image ?? '')]));
}

/**
 * With the host as written: another spelling may lead past the mirrors of a node, and Pod Security evaluates a Pod again
 * whenever the text of an image changes.
 */
function repositoryOf(reference: string): string {
  const image = parseImage(reference);
  return image === undefined ? reference : `${image.host}/${image.repository}`;
}
