import { openUsageRollUp, type UsageRollUp } from '../../audit/usage/index.ts';
import { type ClusterReadOptions, namespacesOf, openObjectStreams, type Unreadable } from '../scan/index.ts';

export interface RunningWorkloadsOptions extends ClusterReadOptions {
  readonly isExcluded: (namespace: string) => boolean;
  /** Takes the resources that may not be read. */
  readonly unreadable: Unreadable[];
}

/** The workloads of a namespace, to which their usage can be added. */
export interface NamespaceWorkloads {
  readonly namespace: string;
  readonly rollUp: UsageRollUp;
}

/**
 * Reads the Pods of a cluster and the objects that own them, one namespace at a time, so that memory holds at most one
 * namespace and a page of every collection.
 * @throws ApiError from the iteration, if the API server cannot be reached or does not accept the credentials.
 */
export async function* runningWorkloads(options: RunningWorkloadsOptions): AsyncGenerator<NamespaceWorkloads> {
  const { isExcluded, unreadable } = options;
  const { pods, workloads } = await openObjectStreams([], options, unreadable);
  for await (const namespace of namespacesOf([...workloads, pods])) {
    const rollUp = openUsageRollUp(namespace);
    for (const stream of workloads)
      for await (const objects of stream.take(namespace)) objects.forEach(rollUp.addWorkload);
    for await (const objects of pods.take(namespace)) objects.forEach(rollUp.addPod);
    if (!isExcluded(namespace)) yield { namespace, rollUp };
  }
}
