import { openAdmitted } from '../../audit/belief.ts';
import { openRollUp } from '../../audit/roll-up.ts';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import { sideBySide } from '../../audit/side-by-side.ts';
import type { KnownCluster } from '../../audit/surroundings.ts';
import type { Policy } from '../../engine/policy.ts';
import { type KubernetesObject, kubernetesObject } from '../../manifests/kubernetes-object.ts';
import { type ApiClient, ApiError, isRefusal, listPages } from '../api/index.ts';
import { type NamespacedStream, namespacesOf, streamOf } from './by-namespace.ts';
import { fullPace, type Pace, pacedWork } from './pace.ts';
import {
  builtInCollections,
  type Unreadable,
  type WorkloadCollection,
  workloadCollections,
} from './workload-collections.ts';

export interface ClusterScanOptions {
  readonly client: ApiClient;
  readonly policy: Policy;
  readonly surroundings: KnownCluster;
  /** Only scan this namespace. */
  readonly namespace?: string | undefined;
  /** The namespaces to skip; `excludedNamespaces` returns those that the webhooks do not apply to. */
  readonly isExcluded?: ((namespace: string) => boolean) | undefined;
  /** Objects per request. */
  readonly pageSize?: number | undefined;
  /** Full speed by default, as for a command. */
  readonly pace?: Pace | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each namespace. */
  readonly onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/** The progress of a scan so far, in all namespaces. */
export interface ScanProgress {
  /** The last completed namespace. */
  readonly namespace: string;
  readonly namespaces: number;
  readonly subjects: number;
  /** The number of objects read. */
  readonly objects: number;
}

/** The subjects, by namespace in the order of the API server's keys, to be iterated once. */
export interface ClusterScan<Subject = ScannedSubject> extends AsyncIterable<Subject> {
  /** Complete once the iteration is. */
  readonly unreadable: readonly Unreadable[];
}

type Items = NamespacedStream<KubernetesObject>;

const defaultPageSize = 250;

/**
 * Reads the running workloads of a cluster and evaluates them, one namespace at a time, so that memory holds at most
 * one namespace and a page of every collection. Objects of operators come last, because how admission treats them
 * depends on all running accounts. A kind that may not be read is skipped and listed as unreadable.
 * @throws ApiError from the iteration, if the API server cannot be reached, does not accept the credentials or is
 * overloaded; the signal's reason if it aborts.
 */
export function scanCluster({ policy, ...options }: ClusterScanOptions): ClusterScan {
  const scan = scanUnder([policy], options);
  return {
    unreadable: scan.unreadable,
    async *[Symbol.asyncIterator]() {
      const admitted = openAdmitted(policy);
      for await (const [subject] of scan) if (subject !== undefined) yield* admitted.take(subject);
      yield* admitted.rest();
    },
  };
}

/**
 * Like `scanCluster` under several policies at once: each subject under every policy, in their order. All owner
 * references are trusted. A policy that does not know a subject's kind finds nothing in it.
 */
export function scanUnder(
  policies: readonly Policy[],
  options: Omit<ClusterScanOptions, 'policy'>,
): ClusterScan<readonly ScannedSubject[]> {
  const unreadable: Unreadable[] = [];
  return { unreadable, [Symbol.asyncIterator]: () => scan(policies, options, unreadable) };
}

async function* scan(
  policies: readonly Policy[],
  options: Omit<ClusterScanOptions, 'policy'>,
  unreadable: Unreadable[],
): AsyncGenerator<readonly ScannedSubject[]> {
  const { surroundings, isExcluded = () => false, pace = fullPace, onProgress } = options;
  // Aborts pending requests if the iteration ends early.
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const each = pacedWork(pace, signal);
  const done = { namespaces: 0, subjects: 0, objects: 0 };
  try {
    const { pods, workloads } = await openStreams(policies, { ...options, signal }, unreadable);
    for await (const namespace of namespacesOf([...workloads, pods])) {
      const rollUps = policies.map((policy) => openRollUp(namespace, policy, surroundings));
      const isLeftOut = isExcluded(namespace);
      const takeAll = async (stream: Items, add: (object: KubernetesObject) => void): Promise<void> => {
        for await (const portion of stream.take(namespace)) {
          done.objects += portion.length;
          if (!isLeftOut) await each(portion, add);
        }
      };
      for (const stream of workloads)
        await takeAll(stream, (object) => rollUps.forEach((rollUp) => rollUp.addWorkload(object)));
      for (const rollUp of rollUps) await each(rollUp.settle(), () => undefined);
      await takeAll(pods, (object) => rollUps.forEach((rollUp) => rollUp.addPod(object)));
      for (const subjects of sideBySide(rollUps.map((rollUp) => rollUp.subjects()))) {
        done.subjects++;
        yield subjects;
      }
      done.namespaces++;
      onProgress?.({ namespace, ...done });
    }
  } finally {
    ended.abort();
  }
}

async function openStreams(
  policies: readonly Policy[],
  options: Omit<ClusterScanOptions, 'policy'>,
  unreadable: Unreadable[],
): Promise<{ readonly pods: Items; readonly workloads: readonly Items[] }> {
  const collections = await collectionsOf(policies, options, unreadable);
  const streams = collections.map((collection) =>
    streamOf(readable(collection, options, unreadable), ({ namespace }) => namespace ?? ''),
  );
  return { pods: streams.at(-1) as Items, workloads: streams.slice(0, -1) };
}

async function collectionsOf(
  policies: readonly Policy[],
  { client, signal }: Omit<ClusterScanOptions, 'policy'>,
  unreadable: Unreadable[],
): Promise<readonly WorkloadCollection[]> {
  try {
    const podTemplates = policies.flatMap((policy) => policy.podTemplates);
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
  { client, namespace, pageSize = defaultPageSize, signal }: Omit<ClusterScanOptions, 'policy'>,
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
