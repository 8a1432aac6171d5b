import { type Named, withNames } from '../patch/named-path.ts';
import type { Pointer } from '../patch/pointer.ts';
import { oncePerPod } from '../subject/pod-facts.ts';
import { type PodSubject, type SubjectSource, subjectOf } from '../subject/pod-subject.ts';
import type { Circumstances, ExistingFindings } from './circumstances.ts';
import { openCover } from './exemption.ts';
import { addTo, isNoWorse, isTexts, type KnownFaults, noFaults } from './known-faults.ts';
import type { Policy } from './policy.ts';
import { type Replacements, replacementsIn } from './replaced-containers.ts';
import { runRules } from './round.ts';
import type { Finding, Rule } from './rule.ts';
import { unmasked } from './unmasked-pod.ts';

/** The faults that a rule finds in an object, by the place of the finding. */
type Faults = Map<string, KnownFaults>;

/**
 * The findings of the object that an update replaces, computed on demand per rule. A container whose image changed to
 * another repository has none, and if there is such a container, the Pod has no security findings of its own: Pod
 * Security Admission evaluates a Pod again when an image changes. An init container that becomes a sidecar or a main
 * container has no security findings, because it now runs as long as the Pod. Findings that an exemption covered are
 * omitted, also if it has expired or matched another requester: their justification no longer applies. The
 * circumstances are those of the old object; `origin` names its owner even if the requester is not trusted to.
 */
export function existingFindings(
  source: SubjectSource,
  policy: Policy,
  circumstances: Circumstances,
): ExistingFindings {
  const before = once(() => {
    const given = subjectOf(source);
    const isExempt = openCover(policy.exemptions, given, circumstances.origin, true) !== undefined;
    return unmasked(source, { isExempt });
  });
  const faults = new Map<Rule, Faults>();
  function faultsBy(rule: Rule): Faults {
    let known = faults.get(rule);
    if (known === undefined) {
      faults.set(rule, (known = new Map()));
      for (const pod of before()) addFaults(known, pod, rule, policy, circumstances);
    }
    return known;
  }
  const former = once(() => before()[0]);
  const replacements = new WeakMap<PodSubject, Replacements>();
  function replacementsOf(pod: PodSubject): Replacements {
    let known = replacements.get(pod);
    if (known === undefined) replacements.set(pod, (known = replacementsIn(pod, former())));
    return known;
  }
  return {
    has(rule, finding, pod) {
      const known = faultsBy(rule).get(placeOfFault(finding, pod));
      if (known === undefined || isReplaced(rule, finding.container, replacementsOf(pod))) return false;
      return isNoWorse(finding.fault, known);
    },
  };
}

function isReplaced({ category }: Rule, container: string | undefined, { replaced, prolonged }: Replacements): boolean {
  if (container === undefined) return category === 'security' && replaced.size > 0;
  return replaced.has(container) || (category === 'security' && prolonged.has(container));
}

/** Adds the faults that the rule finds in the object. */
function addFaults(faults: Faults, before: PodSubject, rule: Rule, policy: Policy, circumstances: Circumstances): void {
  runRules(before, policy, { ...circumstances, isFormer: true, only: rule }, (_rule, finding, { exemption }) => {
    if (exemption !== undefined) return;
    const place = placeOfFault(finding, before);
    let known = faults.get(place);
    if (known === undefined) faults.set(place, (known = noFaults()));
    addTo(known, finding.fault);
  });
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

type Placed = Pick<Finding, 'path' | 'fault' | 'identity'>;

/**
 * The place, whichever list of the Pod a container is in; elements of lists without names have the same one if texts at
 * fault distinguish them.
 */
function placeOfFault({ path, fault, identity }: Placed, pod: PodSubject): string {
  const place = namesIn(pod)(identity ?? path).replace(/^\/spec\/initContainers\//, '/spec/containers/');
  return isTexts(fault) ? place.replaceAll(/\/#\d+/g, '/#') : place;
}

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
