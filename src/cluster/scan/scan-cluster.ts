import { neighborKindsOf } from '../../audit/neighbors/index.ts';
import { openAdmitted } from '../../audit/operators/index.ts';
import { matchSubjects, openRollUp } from '../../audit/roll-up/index.ts';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import { type KnownCluster, withNeighbors } from '../../audit/surroundings.ts';
import type { Policy } from '../../engine/policy.ts';
import type { KubernetesObject } from '../../manifests/kubernetes-object.ts';
import type { ClusterReadOptions, Unreadable } from './collection.ts';
import { namespacesOf } from './namespaced-stream.ts';
import { type ObjectStream, openObjectStreams } from './object-streams.ts';
import { fullPace, type Pace, pacedWork } from './pace.ts';
import { readNeighbors } from './read-neighbors.ts';

export interface ClusterScanOptions extends ClusterReadOptions {
  readonly policy: Policy;
  readonly surroundings: KnownCluster;
  /** The namespaces to skip; `excludedNamespaces` returns those that the webhooks do not apply to. */
  readonly isExcluded?: ((namespace: string) => boolean) | undefined;
  /** Full speed by default, as for a command. */
  readonly pace?: Pace | undefined;
  /** Called after each namespace. */
  readonly onProgress?: ((progress: ScanProgress) => void) | undefined;
  /** Also takes the objects of each namespace that is not skipped. */
  readonly alongside?: ((namespace: string) => Alongside) | undefined;
}

/** Takes the objects of one namespace: all workloads before all Pods, then its end. */
export interface Alongside {
  addWorkload(object: KubernetesObject): void;
  addPod(object: KubernetesObject): void;
  end(): Promise<void>;
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
  /** Kinds of neighbors that may not be read; rules that need them do not apply. */
  readonly unknown: readonly Unreadable[];
}

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
    unknown: scan.unknown,
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
  const missing = { unreadable: [], unknown: [] };
  return { ...missing, [Symbol.asyncIterator]: () => scan(policies, options, missing) };
}

interface Missing {
  readonly unreadable: Unreadable[];
  readonly unknown: Unreadable[];
}

async function* scan(
  policies: readonly Policy[],
  options: Omit<ClusterScanOptions, 'policy'>,
  missing: Missing,
): AsyncGenerator<readonly ScannedSubject[]> {
  const { surroundings: known, isExcluded = () => false, pace = fullPace, onProgress, alongside } = options;
  // Aborts pending requests if the iteration ends early.
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const each = pacedWork(pace, signal);
  const done = { namespaces: 0, subjects: 0, objects: 0 };
  try {
    const reading = { ...options, signal };
    const podTemplates = policies.flatMap((policy) => policy.podTemplates);
    const onUnreadable = (unknown: Unreadable): unknown => missing.unknown.push(unknown);
    const [{ pods, workloads }, neighbors] = await Promise.all([
      openObjectStreams(podTemplates, reading, missing.unreadable),
      readNeighbors(neighborKindsOf(policies), reading, { work: each, onUnreadable }),
    ]);
    for await (const namespace of namespacesOf([...workloads, pods])) {
      const isLeftOut = isExcluded(namespace);
      const surroundings = withNeighbors(known, namespace, isLeftOut ? undefined : await neighbors.in(namespace));
      const rollUps = policies.map((policy) => openRollUp(namespace, policy, surroundings));
      const also = isLeftOut ? undefined : alongside?.(namespace);
      const takers = also === undefined ? rollUps : [...rollUps, also];
      const takeAll = async (stream: ObjectStream, add: (object: KubernetesObject) => void): Promise<void> => {
        for await (const portion of stream.take(namespace)) {
          done.objects += portion.length;
          if (!isLeftOut) await each(portion, add);
        }
      };
      for (const stream of workloads)
        await takeAll(stream, (object) => takers.forEach((taker) => taker.addWorkload(object)));
      for (const rollUp of rollUps) await each(rollUp.settle(), () => undefined);
      await takeAll(pods, (object) => takers.forEach((taker) => taker.addPod(object)));
      await also?.end();
      for (const subjects of matchSubjects(rollUps.map((rollUp) => rollUp.subjects()))) {
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
