import { boundAccountsOf, openClusterNeighbors } from '../../audit/neighbors/index.ts';
import type { NeighborKind, Neighbors } from '../../engine/neighbors.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type ClusterReadOptions, type Collection, collection, objectsOf, type Unreadable } from './collection.ts';
import { streamOf } from './namespaced-stream.ts';
import type { PacedWork } from './pace.ts';

type Collections = Readonly<Partial<Record<NeighborKind, Collection>>>;

/** Read with the workloads, namespace by namespace. */
const merged: Collections = {
  Service: collection('v1', 'Service', 'services', true),
  ServiceAccount: collection('v1', 'ServiceAccount', 'serviceaccounts', true),
  ResourceQuota: collection('v1', 'ResourceQuota', 'resourcequotas', true),
  PodDisruptionBudget: collection('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', true),
  HorizontalPodAutoscaler: collection('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', true),
  NetworkPolicy: collection('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', true),
};
/** A role binding may name accounts of other namespaces, so all are read before; only the names are kept. */
const bindings: Collections = {
  RoleBinding: collection('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings', true),
  ClusterRoleBinding: collection('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', true),
};
const classes: Collections = {
  PriorityClass: collection('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', true),
};
const ofCluster: ReadonlySet<NeighborKind> = new Set(['ClusterRoleBinding', 'PriorityClass']);

/** The neighbors in the cluster, of the requested kinds. */
export interface ReadNeighbors {
  /**
   * The neighbors in a namespace; undefined if no kind is requested. Namespaces must be requested in the order of the API
   * server's keys; skipped ones are not kept.
   */
  in(namespace: string): Promise<Neighbors | undefined>;
}

/**
 * Starts to read neighbors. A kind that may not be read is reported, and not known from then on.
 * @throws ApiError if the API server cannot be reached or does not accept the credentials.
 */
export async function readNeighbors(
  kinds: ReadonlySet<NeighborKind>,
  options: ClusterReadOptions,
  { work, onUnreadable }: { readonly work: PacedWork; readonly onUnreadable: (unreadable: Unreadable) => void },
): Promise<ReadNeighbors> {
  const known = new Set(kinds);
  const pagesOf = (collections: Collections): AsyncIterable<readonly KubernetesObject[]>[] =>
    [...kinds].flatMap((kind) => {
      const found = collections[kind];
      if (found === undefined) return [];
      const place = ofCluster.has(kind) ? { ...options, namespace: undefined } : options;
      return objectsOf(found, place, (unreadable) => {
        known.delete(kind);
        onUnreadable(unreadable);
      });
    });
  const readAll = async (collections: Collections, add: (object: KubernetesObject) => void): Promise<unknown> =>
    Promise.all(
      pagesOf(collections).map(async (pages) => {
        for await (const objects of pages) await work(objects, add);
      }),
    );
  const priorityClasses = new Set<string>();
  const boundAccounts = new Map<string, Set<string>>();
  await Promise.all([
    readAll(classes, ({ name }) => priorityClasses.add(name)),
    readAll(bindings, (binding) => {
      for (const { namespace = '', name } of boundAccountsOf(binding))
        boundAccounts.set(namespace, (boundAccounts.get(namespace) ?? new Set()).add(name));
    }),
  ]);
  const streams = pagesOf(merged).map((pages) => streamOf(pages, ({ namespace = '' }) => namespace));
  return {
    async in(namespace) {
      if (kinds.size === 0) return undefined;
      const near = openClusterNeighbors(namespace, { priorityClasses, boundAccounts });
      await Promise.all(streams.map((stream) => stream.skipTo(namespace)));
      for (const stream of streams) for await (const objects of stream.take(namespace)) await work(objects, near.add);
      return near.known(known);
    },
  };
}
