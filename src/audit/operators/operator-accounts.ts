import { compare } from '../../engine/compare.ts';
import { matchesGlob } from '../../engine/glob.ts';
import type { Policy } from '../../engine/policy.ts';
import { groupOf } from '../../manifests/controller.ts';
import type { OwnerClaim } from '../scanned-subject.ts';

/**
 * The accounts among those given that an operator probably runs as: those whose names share a word with the operator's
 * field manager or with the kind that it manages; failing that, those whose namespaces do. This is a guess, because
 * stored objects do not record who created them.
 */
function probableAccounts(claim: OwnerClaim, accounts: Iterable<string>): string[] {
  const words = wordsOf(claim);
  const candidates = [...new Set(accounts)].flatMap((account) => {
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(account) ?? [];
    return namespace === undefined || name === undefined ? [] : [{ account, namespace, name }];
  });
  const byName = candidates.filter(({ name }) => fits(name, words));
  const fitting = byName.length > 0 ? byName : candidates.filter(({ namespace }) => fits(namespace, words));
  return fitting.map(({ account }) => account).toSorted(compare);
}

/** The part of a policy about operators. */
export type ListedOperators = Pick<Policy, 'operators' | 'operatorKinds'>;

/** The account that the policy states for the kind, else those that an operator probably runs as. */
export function accountsFor(
  claim: OwnerClaim,
  accounts: Iterable<string>,
  { operatorKinds }: ListedOperators,
): string[] {
  const { apiVersion, kind } = claim.owner;
  const stated = Object.entries(operatorKinds ?? {}).find(([key]) => key === `${kind}.${groupOf(apiVersion)}`)?.[1];
  return stated === undefined ? probableAccounts(claim, accounts) : [stated];
}

/** Whether the policy lists the operator's stated or probable account. */
export function isProbablyListed(claim: OwnerClaim, accounts: Iterable<string>, listed: ListedOperators): boolean {
  const { operators } = listed;
  return accountsFor(claim, [...accounts, ...operators], listed).some((account) =>
    operators.some((pattern) => pattern === account || matchesGlob(pattern, account)),
  );
}

/** Words that do not distinguish one operator from another. */
const anyOperator = new Set(
  'manager controller operator default node-fetch Go-http-client fabric8-kubernetes-client unknown cluster service instance'
    .split(' ')
    .map(lettersOf),
);
const anyGroup = new Set(['coreos', 'kubernetes', 'openshift', 'apps', 'core', 'batch', 'monitoring']);

/** Shorter words occur in too many names. */
const minLength = 4;

function wordsOf({ owner: { apiVersion, kind }, managers }: OwnerClaim): string[] {
  const group = groupOf(apiVersion);
  const names = [...managers, ...(group === '' ? [] : [kind])].map(lettersOf).filter((word) => !anyOperator.has(word));
  const labels = group
    .split('.')
    .map(lettersOf)
    .filter((word) => !anyGroup.has(word));
  return [...names, ...labels].filter((word) => word.length >= minLength);
}

function fits(name: string, words: readonly string[]): boolean {
  const letters = lettersOf(name);
  return words.some((word) => letters.includes(word));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
