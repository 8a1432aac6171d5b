import { type Named, withNames } from '../patch/named-path.ts';
import type { Pointer } from '../patch/pointer.ts';
import { parseImage } from '../subject/image.ts';
import { oncePerPod } from '../subject/pod-facts.ts';
import type { PodSubject, SubjectSource } from '../subject/pod-subject.ts';
import type { Circumstances, ExistingFindings } from './circumstances.ts';
import { judgeInto } from './judge.ts';
import { laidBare } from './laid-bare.ts';
import type { Policy } from './policy.ts';
import type { Fault, Finding, Rule } from './rule.ts';

/** The faults of findings that share a key, combined, because an author can write any number of them. */
interface KnownFaults {
  /** One of them is identified by its place alone. */
  isPlain: boolean;
  /** The largest number among them. */
  most: number;
  /** The texts among them; absent if there are none, not even an empty list. */
  texts?: Set<string>;
}

/** The faults that a rule finds in an object, by the place of the finding. */
type Faults = Map<string, KnownFaults>;

/**
 * The findings of the object that an update replaces, computed on demand per rule. A container whose image changed to
 * another repository has none, and if there is such a container, the Pod has no security findings of its own: Pod
 * Security Admission evaluates a Pod again when an image changes. Findings that an exemption covered are omitted, also
 * if it has expired or matched another requester: their justification no longer applies. The circumstances are those of
 * the old object; `origin` names its owner even if the requester is not trusted to.
 */
export function existingFindings(
  source: SubjectSource,
  policy: Policy,
  circumstances: Circumstances,
): ExistingFindings {
  const before = once(() => laidBare(source));
  const faults = new Map<Rule, Faults>();
  function faultsBy(rule: Rule): Faults {
    let known = faults.get(rule);
    if (known === undefined) {
      faults.set(rule, (known = new Map()));
      for (const pod of before()) addFaults(known, pod, rule, policy, circumstances);
    }
    return known;
  }
  const repositories = once(() => repositoriesOf(before()[0]));
  const replaced = new WeakMap<PodSubject, ReadonlySet<string>>();
  function isReplaced(rule: Rule, container: string | undefined, pod: PodSubject): boolean {
    let names = replaced.get(pod);
    if (names === undefined) replaced.set(pod, (names = replacedContainers(pod, repositories())));
    return container === undefined ? rule.category === 'security' && names.size > 0 : names.has(container);
  }
  return {
    has(rule, finding, pod) {
      const known = faultsBy(rule).get(placeOfFault(finding, pod));
      return known !== undefined && isNoWorse(finding.fault, known) && !isReplaced(rule, finding.container, pod);
    },
  };
}

/** Adds the faults that the rule finds in the object. */
function addFaults(faults: Faults, before: PodSubject, rule: Rule, policy: Policy, circumstances: Circumstances): void {
  judgeInto(before, policy, { ...circumstances, isFormer: true, only: rule }, (_rule, finding, { exemption }) => {
    if (exemption !== undefined) return;
    const place = placeOfFault(finding, before);
    let known = faults.get(place);
    if (known === undefined) faults.set(place, (known = { isPlain: false, most: Number.NEGATIVE_INFINITY }));
    addTo(known, finding.fault);
  });
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

/**
 * Identifies a finding across versions of an object by rule, container and path, with names in place of indices, which
 * shift.
 */
export const keyOf = (
  finding: Pick<Finding, 'container' | 'path'> & { readonly rule: Rule },
  pod: PodSubject,
): string => `${finding.rule.id} ${placeOf(finding, pod)}`;

const placeOf = ({ container, path }: Pick<Finding, 'container' | 'path'>, pod: PodSubject): string =>
  `${container ?? ''} ${namesIn(pod)(path)}`;

/** The place; elements of lists without names have the same one if texts at fault distinguish them. */
function placeOfFault(finding: Pick<Finding, 'container' | 'path' | 'fault'>, pod: PodSubject): string {
  const place = placeOf(finding, pod);
  return typeof finding.fault === 'string' || Array.isArray(finding.fault) ? place.replaceAll(/\/#\d+/g, '/#') : place;
}

/** Whether the value at fault is no worse than before. */
function isNoWorse(now: Fault | undefined, before: KnownFaults): boolean {
  if (now === undefined) return before.isPlain;
  if (typeof now === 'number') return now <= before.most;
  const { texts } = before;
  return texts !== undefined && textsOf(now).every((text) => texts.has(text));
}

const textsOf = (fault: string | readonly string[]): readonly string[] => (typeof fault === 'string' ? [fault] : fault);

/** Replaces indices in paths by names. Findings of one list follow each other, so the path to the list is walked once. */
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

/** The image repositories that containers of a name run; an image that cannot be parsed counts as a repository of its own. */
function repositoriesOf(pod: PodSubject): Map<string, string> {
  return new Map(pod.containers.map(({ name, spec }) => [name, repositoryOf(spec.image ?? '')]));
}

/** The containers whose image is from another repository than the one that ran under their name, if there was one. */
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
