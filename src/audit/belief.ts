import { isProbablyListed, type ListedOperators } from './operator-accounts.ts';
import { withoutBelief } from './owner-claim.ts';
import type { ScannedSubject } from './scanned-subject.ts';

/** The accounts that subjects run as. */
export const accountsOf = (subjects: readonly ScannedSubject[]): ReadonlySet<string> =>
  new Set(subjects.flatMap(({ accounts = [] }) => accounts));

/**
 * Subjects as admission treats them, given all accounts that run: what operators make that are not listed fares as if
 * their word on owners did not count.
 */
export const asAdmitted =
  (accounts: ReadonlySet<string>, listed: ListedOperators) =>
  (subject: ScannedSubject): ScannedSubject =>
    subject.claim === undefined || isProbablyListed(subject.claim, accounts, listed) ? subject : withoutBelief(subject);

/** Turns subjects into what admission makes of them as they come. */
export interface AdmittedStream {
  /** The subject, unless that depends on which accounts are still to come. */
  take(subject: ScannedSubject): ScannedSubject[];
  /** Those that were kept back, when all have come. */
  rest(): ScannedSubject[];
}

/** Keeps back only what operators make, and of others only the names of their accounts. */
export function openAdmitted(listed: ListedOperators): AdmittedStream {
  const accounts = new Set<string>();
  const claimed: ScannedSubject[] = [];
  return {
    take(subject) {
      for (const account of subject.accounts ?? []) accounts.add(account);
      if (subject.claim === undefined) return [subject];
      claimed.push(subject);
      return [];
    },
    rest: () => claimed.splice(0).map(asAdmitted(accounts, listed)),
  };
}
