import type { ContainerView } from '../subject/container-view.ts';
import { parseImage } from '../subject/image.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { matchesGlob } from './glob.ts';
import { matchesImage } from './image-glob.ts';
import { hasLabels, type Labels, type Namespace } from './namespace-entry.ts';
import type { Finding } from './rule.ts';

/** A configured "do not act on this", with the person responsible. */
export interface Exemption {
  readonly name: string;
  /** Ids, or `*`. */
  readonly rules: readonly string[];
  readonly match: ExemptionMatch;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it applies, such as `2027-03-31`. */
  readonly expires?: string;
  /** The end of that day in UTC, milliseconds since 1970. */
  readonly expiresAt?: number;
  /** A team has written it for its own namespace, within the limits of the policy. */
  readonly isSelfService?: true;
}

/** All fields must match; one value of each field is enough. Values are globs. */
export interface ExemptionMatch {
  readonly namespaces?: readonly string[];
  readonly namespaceLabels?: Labels;
  /** `Kind/name` of the top-level owner. */
  readonly workloads?: readonly string[];
  readonly serviceAccounts?: readonly string[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly images?: readonly string[];
  readonly containers?: readonly string[];
}

/** The properties that exemptions match besides those of the Pod itself. */
export interface Origin {
  readonly namespace: Namespace;
  /** The names of the top-level owners as `Kind/name`, as far as they are trusted. */
  readonly workloads: readonly string[];
  /** The requester; absent in a scan and on the command line. */
  readonly requester?: { readonly username: string; readonly groups: readonly string[] };
  /** Milliseconds since 1970. If absent, exemptions with an expiry date do not apply. */
  readonly now?: number;
}

/** Whether the exemption covers findings of the rule. */
export const namesRule = ({ rules }: Exemption, rule: string): boolean => rules.includes('*') || rules.includes(rule);

/** Finds the first of these exemptions of the policy that covers a finding of a subject. */
export type Cover = (exemptions: readonly Exemption[], finding: Pick<Finding, 'path'>) => Exemption | undefined;

/**
 * Returns the lookup of exemptions for a subject; undefined if none applies. For a `former` object, exemptions that
 * have expired or that match the requester count too, because it may have been admitted under them.
 */
export function openCover(
  exemptions: readonly Exemption[],
  pod: PodSubject,
  origin: Origin | undefined,
  isFormer = false,
): Cover | undefined {
  if (exemptions.length === 0 || origin === undefined) return undefined;
  const holding = new Set(
    exemptions.filter(
      (exemption) =>
        (isFormer || holds(exemption, origin.now)) && matchesOrigin(exemption.match, pod, origin, isFormer),
    ),
  );
  if (holding.size === 0) return undefined;
  const ofContainers = new Map<Exemption, ContainerCover>();
  return (candidates, { path }) =>
    candidates.find((exemption) => {
      if (!holding.has(exemption)) return false;
      const { images, containers } = exemption.match;
      if (images === undefined && containers === undefined) return true;
      let cover = ofContainers.get(exemption);
      if (cover === undefined) ofContainers.set(exemption, (cover = coverContainers(exemption, pod)));
      const container = pod.containerAt(path);
      return container === undefined ? cover.whole : cover.matching.has(container);
    });
}

/** The containers that an exemption applies to, and whether those are all; if so, it also covers findings of the whole Pod. */
interface ContainerCover {
  readonly matching: ReadonlySet<ContainerView>;
  readonly whole: boolean;
}

function coverContainers({ match }: Exemption, { containers }: PodSubject): ContainerCover {
  const matching = new Set(containers.filter(({ name, spec }) => matchesContainer(match, name, spec.image ?? '')));
  return { matching, whole: containers.length > 0 && matching.size === containers.length };
}

/** Whether an exemption has not expired. */
export function holds({ expiresAt }: Exemption, now: number | undefined): boolean {
  return expiresAt === undefined || (now !== undefined && now < expiresAt);
}

/**
 * Whether it matches on the requester, who is only known at admission; such an exemption never applies in a scan or on
 * the command line.
 */
export const asksForRequester = ({ match }: Exemption): boolean =>
  match.users !== undefined || match.groups !== undefined;

/**
 * Whether anyone who can create Pods in its namespaces can use it: they choose the images and the names of containers,
 * which say nothing about commands and volumes.
 */
export const isOpenToAll = ({ match }: Exemption): boolean =>
  (match.images !== undefined || match.containers !== undefined) &&
  [match.workloads, match.serviceAccounts, match.users, match.groups].every(
    (field) => field === undefined || field.some((pattern) => includesAnyone.test(pattern)),
  );

// anyone can create a bare Pod under a name of their choice, and everyone with an account has the group
const includesAnyone = /^(?:[*/]+|Pod\/\*+|system:authenticated)$/;

function matchesOrigin(match: ExemptionMatch, pod: PodSubject, origin: Origin, isFormer: boolean): boolean {
  const { namespace, workloads, requester } = origin;
  return (
    matchesAny(match.namespaces, [namespace.name]) &&
    (match.namespaceLabels === undefined ||
      (namespace.labels !== undefined && hasLabels(namespace.labels, match.namespaceLabels))) &&
    matchesAny(match.workloads, workloads) &&
    matchesAny(match.serviceAccounts, [pod.spec.serviceAccountName || 'default']) &&
    (isFormer ||
      (matchesAny(match.users, requester === undefined ? [] : [requester.username]) &&
        matchesAny(match.groups, requester?.groups ?? [])))
  );
}

function matchesAny(patterns: readonly string[] | undefined, texts: readonly string[]): boolean {
  return patterns === undefined || patterns.some((pattern) => texts.some((text) => matchesGlob(pattern, text)));
}

function matchesContainer({ images, containers }: ExemptionMatch, name: string, reference: string): boolean {
  if (!matchesAny(containers, [name])) return false;
  if (images === undefined) return true;
  const image = parseImage(reference);
  return image !== undefined && images.some((pattern) => matchesImage(pattern, image));
}
