import type { Policy } from '../../engine/policy.ts';
import { accountsOf, asAdmitted } from '../operators/index.ts';
import type { ScannedSubject } from '../scanned-subject.ts';

/** One workload under several policies. */
export interface PreviewedSubject {
  readonly after: ScannedSubject;
  /** Under the policy to compare with. */
  readonly before?: ScannedSubject | undefined;
  /** Under the policy of `after` with the exemptions known for add-ons. */
  readonly withAddOns: ScannedSubject;
  /** Under the policy of `after` without the exemptions that end soon; absent if there are none. */
  readonly later?: ScannedSubject | undefined;
  /** Under the policy of `after` with its expired exemptions extended; absent if there are none. */
  readonly renewed?: ScannedSubject | undefined;
}

/** The subjects as admission treats them, each under its policy. */
export function asAllAdmitted(
  subjects: readonly PreviewedSubject[],
  { policy, before = policy }: { readonly policy: Policy; readonly before?: Policy | undefined },
): PreviewedSubject[] {
  const accounts = accountsOf(subjects.map(({ after }) => after));
  const [now, earlier] = [asAdmitted(accounts, policy), asAdmitted(accounts, before)];
  return subjects.map(({ after, withAddOns, before, later, renewed }) => ({
    after: now(after),
    withAddOns: now(withAddOns),
    ...(before && { before: earlier(before) }),
    ...(later && { later: now(later) }),
    ...(renewed && { renewed: now(renewed) }),
  }));
}
