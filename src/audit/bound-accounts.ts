import type { KubernetesObject } from '../manifests/kubernetes-object.ts';
import { decode } from '../subject/decode.ts';

interface RoleSubject {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A ServiceAccount that a role is bound to; without a namespace in a manifest that leaves it to the command. */
export interface BoundAccount {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The ServiceAccounts that a RoleBinding or ClusterRoleBinding names. Never throws. */
export function boundAccountsOf({ namespace, content }: KubernetesObject): BoundAccount[] {
  const subjects = decode('RbacV1Subject[]', content['subjects'], 'subjects', []) as readonly RoleSubject[] | undefined;
  return (subjects ?? [])
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map((subject) => ({ namespace: subject.namespace ?? namespace, name: subject.name ?? '' }));
}
