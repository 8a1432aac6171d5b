import { parseImage } from '../subject/image.ts';
import type { PodSubject } from '../subject/pod-subject.ts';
import { matchesGlob } from './glob.ts';
import { matchesImage } from './image-glob.ts';
import { hasLabels, type Labels, type Namespace } from './namespace-policy.ts';
import type { Finding } from './rule.ts';

/** A configured "do not act on this", with who answers for it. */
export interface Exemption {
  readonly name: string;
  /** Ids, or `*`. */
  readonly rules: readonly string[];
  readonly match: ExemptionMatch;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, `2027-03-31`. */
  readonly expires?: string;
  /** The end of that day in UTC, milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** All fields must match; any value of a field will do. Texts are globs. */
export interface ExemptionMatch {
  readonly namespaces?: readonly string[];
  readonly namespaceLabels?: Labels;
  /** `Kind/name` of the top owner. */
  readonly workloads?: readonly string[];
  readonly serviceAccounts?: readonly string[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly images?: readonly string[];
  readonly containers?: readonly string[];
}

/** What exemptions can tell a subject by, besides what the Pod itself says. */
export interface Origin {
  readonly namespace: Namespace;
  /** The names of the top owner, `Kind/name`, as far as they are believed. */
  readonly workloads: readonly string[];
  /** Who asks; absent where nobody does, in a scan and on the command line. */
  readonly requester?: { readonly username: string; readonly groups: readonly string[] };
  /** Milliseconds since 1970. Absent: exemptions that ever expire do not hold. */
  readonly now?: number;
}

/** The exemptions that hold for some findings of this subject, in the order of the policy. */
export function exemptionsFor(
  exemptions: readonly Exemption[],
  pod: PodSubject,
  origin: Origin | undefined,
): readonly Exemption[] {
  if (exemptions.length === 0 || origin === undefined) return [];
  return exemptions.filter((exemption) => holds(exemption, origin.now) && matchesOrigin(exemption.match, pod, origin));
}

/** Whether the exemption covers a finding of a subject that it holds for. */
export function covers({ rules, match }: Exemption, rule: string, { path }: Finding, pod: PodSubject): boolean {
  if (!rules.includes('*') && !rules.includes(rule)) return false;
  if (match.images === undefined && match.containers === undefined) return true;
  const own = pod.containers.filter((container) => path === container.path || path.startsWith(`${container.path}/`));
  const concerned = own.length > 0 ? own : pod.containers;
  return concerned.length > 0 && concerned.every(({ name, spec }) => matchesContainer(match, name, spec.image ?? ''));
}

/** Whether an exemption has not expired. */
export function holds({ expiresAt }: Exemption, now: number | undefined): boolean {
  return expiresAt === undefined || (now !== undefined && now < expiresAt);
}

/** Whether it goes by who asks, which is known at admission alone: in a scan and on the command line it never holds. */
export const asksForRequester = ({ match }: Exemption): boolean =>
  match.users !== undefined || match.groups !== undefined;

function matchesOrigin(match: ExemptionMatch, pod: PodSubject, origin: Origin): boolean {
  const { namespace, workloads, requester } = origin;
  return (
    matchesAny(match.namespaces, [namespace.name]) &&
    (match.namespaceLabels === undefined ||
      (namespace.labels !== undefined && hasLabels(namespace.labels, match.namespaceLabels))) &&
    matchesAny(match.workloads, workloads) &&
    matchesAny(match.serviceAccounts, [pod.spec.serviceAccountName || 'default']) &&
    matchesAny(match.users, requester === undefined ? [] : [requester.username]) &&
    matchesAny(match.groups, requester?.groups ?? [])
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
