import { isProbablyListed, type ListedOperators } from './operator-accounts.ts';
import { withoutBelief } from './owner-claim.ts';
import type { ScannedSubject } from './scanned-subject.ts';

/** The service accounts of subjects. */
export const accountsOf = (subjects: readonly ScannedSubject[]): ReadonlySet<string> =>
  new Set(subjects.flatMap(({ accounts = [] }) => accounts));

/**
 * Subjects as admission treats them, given all running accounts: owner references that an unlisted operator sets are not
 * trusted.
 */
export const asAdmitted =
  (accounts: ReadonlySet<string>, listed: ListedOperators) =>
  (subject: ScannedSubject): ScannedSubject =>
    subject.claim === undefined || isProbablyListed(subject.claim, accounts, listed) ? subject : withoutBelief(subject);

/** Converts subjects to admission's view of them as they are added. */
export interface AdmittedStream {
  /** The subject, unless it depends on accounts that may still be added. */
  take(subject: ScannedSubject): ScannedSubject[];
  /** The subjects held back, once all accounts are known. */
  rest(): ScannedSubject[];
}

/** Holds back only objects of operators; of others it keeps the names of their accounts. */
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
