import { childOf, type Pointer, segmentsOf } from '../patch/pointer.ts';
import { parseImage } from '../subject/image.ts';
import { oncePerPod } from '../subject/pod-facts.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import type { Circumstances, ExistingFindings } from './circumstances.ts';
import { judgeInto } from './judge.ts';
import type { Policy } from './policy.ts';
import type { Fault, Finding, Rule } from './rule.ts';

/** The faults of findings that share a key, taken together: an author can write any number of them. */
interface KnownFaults {
  /** One of them is told by its place alone. */
  isPlain: boolean;
  /** The largest number among them. */
  most: number;
  /** The texts among them; absent where there are none, not even an empty list. */
  texts?: Set<string>;
}

/** The faults that a rule finds in an object, by the places of their findings. */
type Faults = Map<string, KnownFaults>;

/**
 * The findings of the object that an update replaces, looked for by the rules that are asked about. A container that runs an
 * image of another repository than before has none, and while there is one the Pod has no security findings that are its
 * own: Pod Security Admission judges a Pod anew when an image changes. Left out is what an exemption covered, or would
 * have if it had not expired and whoever asks: the reason that excused it does not hold any more.
 */
export function existingFindings(
  source: SubjectSource,
  policy: Policy,
  circumstances: Circumstances,
): ExistingFindings {
  const before = once(() => subjectOf(source));
  const faults = new Map<Rule, Faults>();
  function faultsBy(rule: Rule): Faults {
    let known = faults.get(rule);
    if (known === undefined) faults.set(rule, (known = faultsOf(before(), rule, policy, circumstances)));
    return known;
  }
  const repositories = once(() => repositoriesOf(before()));
  const replaced = new WeakMap<PodSubject, ReadonlySet<string>>();
  function isReplaced(rule: Rule, container: string | undefined, pod: PodSubject): boolean {
    let names = replaced.get(pod);
    if (names === undefined) replaced.set(pod, (names = replacedContainers(pod, repositories())));
    return container === undefined ? rule.category === 'security' && names.size > 0 : names.has(container);
  }
  return {
    has(rule, finding, pod) {
      const known = faultsBy(rule).get(placeOf(finding, pod));
      return known !== undefined && isNoWorse(finding.fault, known) && !isReplaced(rule, finding.container, pod);
    },
  };
}

function faultsOf(before: PodSubject, rule: Rule, policy: Policy, circumstances: Circumstances): Faults {
  const faults: Faults = new Map();
  judgeInto(before, policy, { ...circumstances, isFormer: true, only: rule }, (_rule, finding, { exemption }) => {
    if (exemption !== undefined) return;
    const place = placeOf(finding, before);
    let known = faults.get(place);
    if (known === undefined) faults.set(place, (known = { isPlain: false, most: Number.NEGATIVE_INFINITY }));
    addTo(known, finding.fault);
  });
  return faults;
}

function addTo(known: KnownFaults, fault: Fault | undefined): void {
  if (fault === undefined) known.isPlain = true;
  else if (typeof fault === 'number') known.most = Math.max(known.most, fault);
  else {
    known.texts ??= new Set();
    for (const text of textsOf(fault)) known.texts.add(text);
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Identifies a finding across versions of an object: rule, container, path with names for indices, which shift. */
export const keyOf = (
  finding: Pick<Finding, 'container' | 'path'> & { readonly rule: Rule },
  pod: PodSubject,
): string => `${finding.rule.id} ${placeOf(finding, pod)}`;

const placeOf = ({ container, path }: Pick<Finding, 'container' | 'path'>, pod: PodSubject): string =>
  `${container ?? ''} ${namesIn(pod)(path)}`;

/** Whether the value at fault is no worse than those before. */
function isNoWorse(now: Fault | undefined, before: KnownFaults): boolean {
  if (now === undefined) return before.isPlain;
  if (typeof now === 'number') return now <= before.most;
  const { texts } = before;
  return texts !== undefined && textsOf(now).every((text) => texts.has(text));
}

const textsOf = (fault: string | readonly string[]): readonly string[] => (typeof fault === 'string' ? [fault] : fault);

/** A value in a Pod, and the path to it with the names of list elements in place of their indices. */
interface Named {
  readonly value: unknown;
  readonly path: string;
}

/** Puts names into paths. Findings of one list follow each other, so the way to it is walked once. */
const namesIn = oncePerPod((pod) => {
  let parent = '';
  let known: Named = { value: pod, path: '' };
  return (path: Pointer): string => {
    const cut = Math.max(0, path.lastIndexOf('/', path.lastIndexOf('/') - 1));
    if (cut !== parent.length || !path.startsWith(parent)) {
      parent = path.slice(0, cut);
      known = withNames({ value: pod, path: '' }, parent as Pointer);
    }
    return withNames(known, path.slice(cut) as Pointer).path;
  };
});

function withNames(from: Named, path: Pointer): Named {
  let { value, path: named } = from;
  for (const segment of segmentsOf(path)) {
    const isElement = Array.isArray(value);
    value = childOf(value, segment);
    const name = isElement ? (value as { readonly name?: unknown } | undefined)?.name : undefined;
    named += `/${typeof name === 'string' ? name : segment}`;
  }
  return { value, path: named };
}

/** The repositories that containers of a name run; what cannot be parsed is one of its own. */
function repositoriesOf(pod: PodSubject): Map<string, string> {
  return new Map(pod.containers.map(({ name, spec }) => [name, repositoryOf(spec.image ?? '')]));
}

/** The containers whose image is of another repository than the one that ran under their name, if any did. */
function replacedContainers(pod: PodSubject, before: ReadonlyMap<string, string>): ReadonlySet<string> {
  const known = new Set(before.values());
  const isOther = (name: string, repository: string): boolean => {
    const own = before.get(name);
    return own === undefined ? !known.has(repository) : own !== repository;
  };
  return new Set([...repositoriesOf(pod)].flatMap(([name, repository]) => (isOther(name, repository) ? [name] : [])));
}

function repositoryOf(reference: string): string {
  const image = parseImage(reference);
  return image === undefined ? reference : `${image.registry}/${image.repository}`;
}
