import { compare } from '../../engine/compare.ts';
import { isDenied } from '../../engine/fate.ts';
import { groupOf } from '../../manifests/controller.ts';
import type { OwnerClaim, ScannedSubject } from '../scanned-subject.ts';
import { accountsFor, isProbablyListed, type ListedOperators } from './operator-accounts.ts';
import { accountsOf } from './owner-trust.ts';

/** An operator that the policy does not list, and some of whose workloads would be denied because of that. */
export interface UnlistedOperator {
  /** The API group and kind that it manages. */
  readonly group: string;
  readonly kind: string;
  /** Its names in `managedFields`. */
  readonly managers: readonly string[];
  /** The account that the policy states, or the accounts of running Pods that are probably the operator's. */
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
export function unlistedOperators(subjects: readonly ScannedSubject[], listed: ListedOperators): UnlistedOperator[] {
  const accounts = accountsOf(subjects);
  const claims = subjects.flatMap((subject) => {
    const { claim } = subject;
    const isDeniedUntrusted =
      claim !== undefined && claim.denied.length > 0 && !isProbablyListed(claim, accounts, listed);
    return isDeniedUntrusted ? [{ subject, claim }] : [];
  });
  const byKind = Map.groupBy(claims, ({ claim: { owner } }) => `${groupOf(owner.apiVersion)} ${owner.kind}`);
  return [...byKind.values()].map((own) => operatorOf(own, accounts, listed)).toSorted(byKindAndGroup);
}

type Claimed = { readonly subject: ScannedSubject; readonly claim: OwnerClaim };

function operatorOf(
  claimed: readonly Claimed[],
  accounts: ReadonlySet<string>,
  listed: ListedOperators,
): UnlistedOperator {
  const [first] = claimed as [Claimed, ...Claimed[]];
  const { owner } = first.claim;
  const managers = sorted(claimed.flatMap(({ claim }) => claim.managers));
  return {
    group: groupOf(owner.apiVersion),
    kind: owner.kind,
    managers,
    accounts: accountsFor({ ...first.claim, managers }, accounts, listed),
    workloads: claimed.map(({ subject, claim: { denied, findings } }) => ({
      subject,
      objects: denied,
      rules: sorted(findings.filter(isDenied).map(({ rule }) => rule.id)),
    })),
  };
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted(compare);

const byKindAndGroup = (a: UnlistedOperator, b: UnlistedOperator): number =>
  compare(a.kind, b.kind) || compare(a.group, b.group);
