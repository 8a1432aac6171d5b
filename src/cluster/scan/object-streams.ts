import { type KubernetesObject, kubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { PodTemplateKind } from '../../manifests/pod-template.ts';
import { type ApiClient, ApiError, isRefusal, listPages } from '../api/index.ts';
import { type NamespacedStream, streamOf } from './by-namespace.ts';
import {
  builtInCollections,
  type Unreadable,
  type WorkloadCollection,
  workloadCollections,
} from './workload-collections.ts';

export interface StreamOptions {
  readonly client: ApiClient;
  /** Only read this namespace. */
  readonly namespace?: string | undefined;
  /** Objects per request. */
  readonly pageSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The objects of one collection. */
export type ObjectStream = NamespacedStream<KubernetesObject>;

const defaultPageSize = 250;

/**
 * The Pods of a cluster and the objects that may own them, each collection as a stream. A kind that may not be read is
 * skipped and listed as unreadable.
 * @throws ApiError, also from the streams, if the API server cannot be reached, does not accept the credentials or is
 * overloaded; the signal's reason if it aborts.
 */
export async function openObjectStreams(
  podTemplates: readonly PodTemplateKind[],
  options: StreamOptions,
  unreadable: Unreadable[],
): Promise<{ readonly pods: ObjectStream; readonly workloads: readonly ObjectStream[] }> {
  const collections = await collectionsOf(podTemplates, options, unreadable);
  const streams = collections.map((collection) =>
    streamOf(readable(collection, options, unreadable), ({ namespace }) => namespace ?? ''),
  );
  return { pods: streams.at(-1) as ObjectStream, workloads: streams.slice(0, -1) };
}

async function collectionsOf(
  podTemplates: readonly PodTemplateKind[],
  { client, signal }: StreamOptions,
  unreadable: Unreadable[],
): Promise<readonly WorkloadCollection[]> {
  try {
    return await workloadCollections(podTemplates, { client, unreadable, signal });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    unreadable.push({ resource: 'apis', message: error.message });
    return builtInCollections;
  }
}

/** The objects of a collection, up to the point where it cannot be read. */
async function* readable(
  collection: WorkloadCollection,
  { client, namespace, pageSize = defaultPageSize, signal }: StreamOptions,
  unreadable: Unreadable[],
): AsyncGenerator<readonly KubernetesObject[]> {
  const { apiVersion, kind, resource, isBuiltIn } = collection;
  try {
    for await (const items of listPages(client, collection.path(namespace), { limit: pageSize, signal }))
      yield items.flatMap((item) => kubernetesObject({ apiVersion, kind, ...Object(item) }) ?? []);
  } catch (error) {
    // The scan continues without a custom kind, whose own API server may be down.
    const isDispensable = isRefusal(error) || (!isBuiltIn && error instanceof ApiError && error.status !== undefined);
    if (!isDispensable || error.status === 401) throw error;
    if (isBuiltIn || error.status !== 404) unreadable.push({ resource, message: error.message });
  }
}
