import type { NeighborKind, Neighbors } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { neighborAdditions, openNeighborhood } from './neighborhood.ts';

/** Everything about a cluster that is known before its namespaces are read one by one. */
export interface ClusterWide {
  readonly priorityClasses: ReadonlySet<string>;
  /** The names of ServiceAccounts that roles are bound to, by namespace. */
  readonly boundAccounts: ReadonlyMap<string, Iterable<string>>;
}

/** The neighbors in one namespace of a cluster while its objects are read. */
export interface ClusterNeighbors {
  add(object: KubernetesObject): void;
  /** The neighbors, once all objects of these kinds have been added; other kinds are not known. */
  known(kinds: ReadonlySet<NeighborKind>): Neighbors;
}

/** The neighbors in a namespace before any of its objects are added. */
export function openClusterNeighbors(
  namespace: string,
  { priorityClasses, boundAccounts }: ClusterWide,
): ClusterNeighbors {
  const near = openNeighborhood(priorityClasses);
  for (const account of boundAccounts.get(namespace) ?? []) near.bind(account);
  return {
    add: (object) => neighborAdditions.get(`${object.group}/${object.kind}`)?.(near, object),
    known(kinds) {
      const knowsAccounts = (['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding'] as const).some((kind) =>
        kinds.has(kind),
      );
      return {
        source: 'cluster',
        servicesOf: (pod) => (kinds.has('Service') ? (near.servicesOf(pod) ?? []) : undefined),
        budgetsOf: (pod) => (kinds.has('PodDisruptionBudget') ? near.budgetsOf(pod) : undefined),
        accountOf: (pod) => (knowsAccounts ? near.accountOf(pod) : undefined),
        ...(kinds.has('Service') && { serviceNamed: near.serviceNamed }),
        ...(kinds.has('HorizontalPodAutoscaler') && { autoscalerOf: near.autoscalerOf }),
        ...(kinds.has('NetworkPolicy') && { networkPoliciesOf: near.networkPoliciesOf }),
        ...(kinds.has('ResourceQuota') && { quotas: near.quotas ?? [] }),
        ...(kinds.has('PriorityClass') && { hasPriorityClass: (name: string) => priorityClasses.has(name) }),
      };
    },
  };
}
