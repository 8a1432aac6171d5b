import { matchesGlob } from '../engine/glob.ts';

/** Names that no one gives: a glob that matches one of them matches any. */
const [anyNamespace, anyName] = ['q7x2zk4w', 'p9v3jd8m'];

const prefix = 'system:serviceaccount:';
const instead =
  'name the accounts of the operators that you run, like system:serviceaccount:argo-rollouts:argo-rollouts';

/** Why a glob must not stand for operators, and what to write instead; undefined for one that may. */
export function accountFault(pattern: string): string | undefined {
  const users = [anyName, `${anyName}@${anyNamespace}`, `${anyName}:${anyNamespace}`];
  const matches = (text: string): boolean => matchesGlob(pattern, text);
  if (matches(`${prefix}${anyNamespace}:${anyName}`)) return `would match every service account; ${instead}`;
  if (users.some(matches)) return `would match every user; ${instead}`;
  const name = pattern.slice(pattern.lastIndexOf(':') + 1).replaceAll('*', anyName);
  if (matches(`${prefix}${anyNamespace}:${name}`))
    return 'would match an account of this name in every namespace, which tenants can create; name its namespace';
  const [, namespace, account] = /^([-a-z0-9*]+)[:/]([-a-z0-9.*]+)$/.exec(pattern) ?? [];
  if (namespace === undefined || namespace === 'system') return undefined;
  return `is no user name; did you mean "${prefix}${namespace}:${account}"?`;
}
