import { type KubernetesObject, kubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type ApiClient, ApiError, isRejection, listPages } from '../api/index.ts';

/** A collection in the API server. */
export interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  /** As in RBAC: `deployments.apps`. */
  readonly resource: string;
  /** Whether the kind belongs to Kubernetes itself. */
  readonly isBuiltIn: boolean;
  /** The path for all namespaces, or for one. */
  path(namespace: string | undefined): string;
}

/** A resource that the scan could not read. */
export interface Unreadable {
  /** As in RBAC: `pods`, `rollouts.argoproj.io`. */
  readonly resource: string;
  readonly message: string;
}

/** How collections are read. */
export interface ClusterReadOptions {
  readonly client: ApiClient;
  /** Only of this namespace. */
  readonly namespace?: string | undefined;
  /** Objects per request. */
  readonly pageSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function collection(apiVersion: string, kind: string, name: string, isBuiltIn: boolean): Collection {
  const [version, group] = apiVersion.split('/').toReversed();
  const root = group === undefined ? `/api/${version}` : `/apis/${apiVersion}`;
  return {
    apiVersion,
    kind,
    isBuiltIn,
    resource: group === undefined ? name : `${name}.${group}`,
    path: (namespace) => (namespace === undefined ? `${root}/${name}` : `${root}/namespaces/${namespace}/${name}`),
  };
}

const defaultPageSize = 250;

/**
 * The objects of a collection, up to the point where it cannot be read.
 * @throws ApiError if it is not the collection alone that cannot be read.
 */
export async function* objectsOf(
  { apiVersion, kind, resource, isBuiltIn, path }: Collection,
  { client, namespace, pageSize = defaultPageSize, signal }: ClusterReadOptions,
  onUnreadable: (unreadable: Unreadable) => void,
): AsyncGenerator<readonly KubernetesObject[]> {
  try {
    for await (const items of listPages(client, path(namespace), { limit: pageSize, signal }))
      yield items.flatMap((item) => kubernetesObject({ apiVersion, kind, ...Object(item) }) ?? []);
  } catch (error) {
    // The scan continues without a custom kind, whose own API server may be down.
    const isDispensable = isRejection(error) || (!isBuiltIn && error instanceof ApiError && error.status !== undefined);
    if (!isDispensable || error.status === 401) throw error;
    if (isBuiltIn || error.status !== 404) onUnreadable({ resource, message: error.message });
  }
}
