import { byWeight } from '../../engine/round.ts';
import { pathKeyOf } from '../audit-report.ts';
import type { OwnerClaim, ScannedSubject } from '../scanned-subject.ts';
import { isProbablyListed, type ListedOperators } from './operator-accounts.ts';

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
    subject.claim === undefined || isProbablyListed(subject.claim, accounts, listed)
      ? subject
      : withoutTrust(subject, subject.claim);

/** The subject's outcome if the owner reference is not trusted. */
function withoutTrust(subject: ScannedSubject, claim: OwnerClaim): ScannedSubject {
  const left = new Map(claim.findings.map((finding) => [pathKeyOf(finding), finding]));
  const findings = subject.findings.map((finding) => {
    const untrusted = left.get(pathKeyOf(finding));
    left.delete(pathKeyOf(finding));
    return untrusted === undefined ? finding : { ...untrusted, ...placeOf(finding) };
  });
  const added = [...left.values()].map((finding) => ({ ...finding, inTemplate: true, pods: 0 }));
  const verdict = claim.denied.length > 0 ? 'deny' : subject.verdict;
  return { ...subject, verdict, findings: [...findings, ...added].toSorted(byWeight) };
}

const placeOf = ({ objectPath, inTemplate, pods }: ScannedSubject['findings'][number]) => ({
  objectPath,
  inTemplate,
  pods,
});

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
