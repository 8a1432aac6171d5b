import { compare } from '../engine/compare.ts';
import type { Policy } from '../engine/policy.ts';
import { groupOf } from '../manifests/controller.ts';
import { isProbablyListed, probableAccounts } from './operator-accounts.ts';
import { type OwnerClaim, withoutBelief } from './owner-claim.ts';
import type { PreviewedSubject } from './preview-policies.ts';
import type { ScannedSubject } from './scanned-subject.ts';

/** An operator that the policy does not list, and some of whose workloads would be denied because of that. */
export interface UnlistedOperator {
  /** The API group and kind that it manages. */
  readonly group: string;
  readonly kind: string;
  /** Its names in `managedFields`. */
  readonly managers: readonly string[];
  /** The accounts that it probably runs as, out of those in the cluster. */
  readonly accounts: readonly string[];
  readonly workloads: readonly {
    readonly subject: ScannedSubject;
    /** The objects that would be denied, as `Kind/name`. */
    readonly objects: readonly string[];
    /** The rules that would deny them. */
    readonly rules: readonly string[];
  }[];
}

/** The operators among the running workloads that the policy would have to list. */
export function unlistedOperators(
  subjects: readonly ScannedSubject[],
  { operators }: Pick<Policy, 'operators'>,
): UnlistedOperator[] {
  const accounts = accountsOf(subjects);
  const claims = subjects.flatMap((subject) => {
    const { claim } = subject;
    return claim === undefined || isProbablyListed(claim, accounts, operators) ? [] : [{ subject, claim }];
  });
  const byKind = Map.groupBy(claims, ({ claim: { owner } }) => `${groupOf(owner.apiVersion)} ${owner.kind}`);
  return [...byKind.values()].map((own) => operatorOf(own, accounts)).toSorted(byKindAndGroup);
}

/** The subjects as admission would treat them under their policies: objects of unlisted operators are denied. */
export function asAdmitted(
  subjects: readonly PreviewedSubject[],
  policy: Pick<Policy, 'operators'>,
  before: Pick<Policy, 'operators'> | undefined,
): PreviewedSubject[] {
  const accounts = accountsOf(subjects.map(({ after }) => after));
  const admitted = (subject: ScannedSubject, { operators }: Pick<Policy, 'operators'>): ScannedSubject =>
    subject.claim === undefined || isProbablyListed(subject.claim, accounts, operators)
      ? subject
      : withoutBelief(subject);
  return subjects.map((previewed) => ({
    after: admitted(previewed.after, policy),
    withAddOns: admitted(previewed.withAddOns, policy),
    ...(previewed.before && { before: admitted(previewed.before, before ?? policy) }),
    ...(previewed.later && { later: admitted(previewed.later, policy) }),
    ...(previewed.renewed && { renewed: admitted(previewed.renewed, policy) }),
  }));
}

type Claimed = { readonly subject: ScannedSubject; readonly claim: OwnerClaim };

function operatorOf(claimed: readonly Claimed[], accounts: ReadonlySet<string>): UnlistedOperator {
  const [first] = claimed as [Claimed, ...Claimed[]];
  const { owner } = first.claim;
  const managers = sorted(claimed.flatMap(({ claim }) => claim.managers));
  return {
    group: groupOf(owner.apiVersion),
    kind: owner.kind,
    managers,
    accounts: probableAccounts({ ...first.claim, managers }, accounts),
    workloads: claimed.map(({ subject, claim: { objects, findings } }) => ({
      subject,
      objects,
      rules: sorted(findings.map(({ rule }) => rule.id)),
    })),
  };
}

const accountsOf = (subjects: readonly ScannedSubject[]): ReadonlySet<string> =>
  new Set(subjects.flatMap(({ accounts = [] }) => accounts));

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted(compare);

const byKindAndGroup = (a: UnlistedOperator, b: UnlistedOperator): number =>
  compare(a.kind, b.kind) || compare(a.group, b.group);
