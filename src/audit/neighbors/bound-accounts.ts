import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { valueAt } from '../../patch/pointer.ts';
import { decode } from '../../subject/decode.ts';

interface RoleSubject {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A ServiceAccount that a role is bound to; without a namespace in a manifest that leaves it to the command. */
export interface BoundAccount {
  readonly namespace: string | undefined;
  /** Or `everyAccount`. */
  readonly name: string;
}

/** Stands for all ServiceAccounts of a namespace. */
export const everyAccount = '*';

/**
 * The ServiceAccounts that a RoleBinding or ClusterRoleBinding names, by their user name or by the group of their
 * namespace. A group of all accounts of a cluster says nothing about one. Never throws.
 */
export function boundAccountsOf({ namespace, content }: KubernetesObject): BoundAccount[] {
  const subjects = decode('RbacV1Subject[]', content['subjects'], 'subjects', []) as readonly RoleSubject[] | undefined;
  const role = valueAt(content, '/roleRef/name');
  // such as system:image-puller, which OpenShift binds to the group of each namespace
  const isOfSystem = typeof role === 'string' && role.startsWith('system:');
  return (subjects ?? []).flatMap(({ kind, name = '', namespace: own = namespace }) => {
    if (kind === 'ServiceAccount') return { namespace: own, name };
    const [, type, place, account] = /^system:(serviceaccounts?):([^:]+)(?::([^:]+))?$/.exec(name) ?? [];
    if (kind === 'User' && type === 'serviceaccount' && account !== undefined)
      return { namespace: place, name: account };
    const isGroup = kind === 'Group' && type === 'serviceaccounts' && account === undefined;
    return isGroup && !isOfSystem ? { namespace: place, name: everyAccount } : [];
  });
}
