import { parseImage } from '../subject/image.ts';
import type { PodSubject } from '../subject/pod-subject.ts';

/** The containers, by name, whose findings are new because they are not the containers that they were. */
export interface Replacements {
  /** The image is from another repository than the one that ran under the name, if there was one. */
  readonly replaced: ReadonlySet<string>;
  /** It was an init container and is a sidecar or a main container. */
  readonly prolonged: ReadonlySet<string>;
  /** The former names of containers that have another one now. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** The replacements between two versions of a Pod. */
export function replacementsIn(pod: PodSubject, former: PodSubject): Replacements {
  const [now, before] = [repositoriesOf(pod), repositoriesOf(former)];
  const known = new Set(before.values());
  const isOther = (name: string, repository: string): boolean => {
    const own = before.get(name);
    return own === undefined ? !known.has(repository) : own !== repository;
  };
  const replaced = [...now].flatMap(([name, repository]) => (isOther(name, repository) ? [name] : []));
  const renamed = renamesIn(now, before);
  const formerRoles = new Map(former.containers.map(({ name, role }) => [name, role]));
  const prolonged = pod.containers.flatMap(({ name, role }) =>
    role !== 'init' && formerRoles.get(renamed.get(name) ?? name) === 'init' ? [name] : [],
  );
  return { replaced: new Set(replaced), prolonged: new Set(prolonged), renamed };
}

type Repositories = ReadonlyMap<string, string>;

/** A container has another name if it alone is new, and one alone is gone, of all that run the same repository. */
function renamesIn(now: Repositories, before: Repositories): Map<string, string> {
  const [added, gone] = [namesByRepository(now, before), namesByRepository(before, now)];
  return new Map(
    [...added].flatMap(([repository, [name = '', ...others]]) => {
      const [former, ...more] = gone.get(repository) ?? [];
      return former === undefined || others.length + more.length > 0 ? [] : [[name, former] as const];
    }),
  );
}

/** The names that the other version does not have. */
function namesByRepository(own: Repositories, other: Repositories): Map<string, string[]> {
  const only = [...own].filter(([name]) => !other.has(name));
  return new Map(
    [...Map.groupBy(only, ([, repository]) => repository)].map(([key, all]) => [key, all.map(([name]) => name)]),
  );
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
