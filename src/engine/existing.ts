import { childOf, type Pointer, segmentsOf } from '../patch/pointer.ts';
import { parseImage } from '../subject/image.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import type { Circumstances, ExistingFindings, RuleFinding } from './circumstances.ts';
import { judgeInto } from './judge.ts';
import type { Policy } from './policy.ts';
import type { Fault, Rule } from './rule.ts';

/** The faults of an object by the keys of their findings. */
type Faults = Map<string, (Fault | undefined)[]>;

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
  function isReplaced({ rule, container }: RuleFinding, pod: PodSubject): boolean {
    let names = replaced.get(pod);
    if (names === undefined) replaced.set(pod, (names = replacedContainers(pod, repositories())));
    return container === undefined ? rule.category === 'security' && names.size > 0 : names.has(container);
  }
  return {
    has(finding, pod) {
      const known = faultsBy(finding.rule).get(keyOf(finding, pod));
      return known?.some((fault) => isNoWorse(finding.fault, fault)) === true && !isReplaced(finding, pod);
    },
  };
}

function faultsOf(before: PodSubject, rule: Rule, policy: Policy, circumstances: Circumstances): Faults {
  const faults: Faults = new Map();
  judgeInto(before, policy, { ...circumstances, isFormer: true, only: rule }, (_rule, finding, { exemption }) => {
    if (exemption !== undefined) return;
    const key = keyOf({ ...finding, rule }, before);
    const known = faults.get(key);
    if (known === undefined) faults.set(key, [finding.fault]);
    else known.push(finding.fault);
  });
  return faults;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Identifies a finding across versions of an object: rule, container, path with names for indices, which shift. */
export function keyOf({ rule, container, path }: RuleFinding, pod: PodSubject): string {
  return `${rule.id} ${container ?? ''} ${withNames(pod, path)}`;
}

/** Whether the value at fault is no worse than the other. */
function isNoWorse(now: Fault | undefined, before: Fault | undefined): boolean {
  if (now === undefined || before === undefined) return now === before;
  if (typeof now === 'number') return typeof before === 'number' && now <= before;
  const known = new Set(textsOf(before));
  return textsOf(now).every((text) => known.has(text));
}

function textsOf(fault: Fault): readonly string[] {
  if (typeof fault === 'number') return [];
  return typeof fault === 'string' ? [fault] : fault;
}

/** The path with the names of list elements in place of their indices. */
function withNames(pod: PodSubject, path: Pointer): string {
  let value: unknown = pod;
  let named = '';
  for (const segment of segmentsOf(path)) {
    const isElement = Array.isArray(value);
    value = childOf(value, segment);
    const name = isElement ? (value as { readonly name?: unknown } | undefined)?.name : undefined;
    named += `/${typeof name === 'string' ? name : segment}`;
  }
  return named;
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
