import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { PodTemplateKind } from '../../manifests/pod-template.ts';
import { isRejection } from '../api/index.ts';
import { type ClusterReadOptions, type Collection, objectsOf, type Unreadable } from './collection.ts';
import { type NamespacedStream, streamOf } from './namespaced-stream.ts';
import { builtInCollections, workloadCollections } from './workload-collections.ts';

/** The objects of one collection. */
export type ObjectStream = NamespacedStream<KubernetesObject>;

/**
 * The Pods of a cluster and the objects that may own them, each collection as a stream. A kind that may not be read is
 * skipped and listed as unreadable.
 * @throws ApiError, also from the streams, if the API server cannot be reached, does not accept the credentials or is
 * overloaded; the signal's reason if it aborts.
 */
export async function openObjectStreams(
  podTemplates: readonly PodTemplateKind[],
  options: ClusterReadOptions,
  unreadable: Unreadable[],
): Promise<{ readonly pods: ObjectStream; readonly workloads: readonly ObjectStream[] }> {
  const collections = await collectionsOf(podTemplates, options, unreadable);
  const streams = collections.map((collection) =>
    streamOf(
      objectsOf(collection, options, (each) => unreadable.push(each)),
      ({ namespace }) => namespace ?? '',
    ),
  );
  return { pods: streams.at(-1) as ObjectStream, workloads: streams.slice(0, -1) };
}

async function collectionsOf(
  podTemplates: readonly PodTemplateKind[],
  { client, signal }: ClusterReadOptions,
  unreadable: Unreadable[],
): Promise<readonly Collection[]> {
  try {
    return await workloadCollections(podTemplates, { client, unreadable, signal });
  } catch (error) {
    if (!isRejection(error)) throw error;
    unreadable.push({ resource: 'apis', message: error.message });
    return builtInCollections;
  }
}
