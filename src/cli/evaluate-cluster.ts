import { isDeepStrictEqual } from 'node:util';
import type { ScannedSubject } from '../audit/scanned-subject.ts';
import type { Alongside, Unreadable } from '../cluster/scan/index.ts';
import type { Policy } from '../engine/policy.ts';
import { PrometheusError } from '../prometheus/index.ts';
import { connectionProblem } from './connection-problem.ts';
import type { ClusterOptions, OpenedCluster } from './open-cluster.ts';
import type { ProgressLine } from './progress-line.ts';
import { rejectionLines } from './rejection-lines.ts';

/** The running workloads of a cluster, each evaluated under each policy, and the resources that may not be read. */
export interface EvaluatedCluster {
  readonly subjects: readonly (readonly ScannedSubject[])[];
  readonly unreadable: readonly Unreadable[];
}

/** What is wanted beside findings. */
export interface EvaluationExtras {
  /** The Pods that patches apply to, for diffs. They need most of the memory. */
  readonly pods: boolean;
  /** Takes the objects of each namespace too. */
  readonly alongside?: ((namespace: string) => Alongside) | undefined;
}

/** Reads the cluster once and evaluates it under all policies. */
export async function evaluateCluster(
  { client, surroundings, isExcluded }: OpenedCluster,
  policies: readonly Policy[],
  { namespace }: ClusterOptions,
  progress: ProgressLine,
  { pods, alongside }: EvaluationExtras,
): Promise<EvaluatedCluster | { readonly problems: readonly string[] }> {
  const { scanUnder } = await import('../cluster/scan/index.ts');
  const { ApiError } = await import('../cluster/api/index.ts');
  const scan = scanUnder(policies, {
    client,
    surroundings,
    namespace,
    isExcluded,
    onProgress: progress.show,
    alongside,
  });
  const subjects: (readonly ScannedSubject[])[] = [];
  try {
    for await (const evaluated of scan)
      subjects.push(sharedAmong(pods ? evaluated : evaluated.map((subject) => ({ ...subject, pod: {} }))));
  } catch (error) {
    if (error instanceof PrometheusError) return { problems: [error.message] };
    if (!(error instanceof ApiError)) throw error;
    return { problems: [connectionProblem(error)] };
  } finally {
    progress.clear();
  }
  const unreadable = [...surroundings.unreadable, ...scan.unreadable, ...scan.unknown];
  // Pods are essential; without them there is no result
  if (subjects.length === 0 && scan.unreadable.some(({ resource }) => resource === 'pods'))
    return { problems: [nothingText(namespace), ...unreadableLines(unreadable)] };
  return { subjects, unreadable };
}

/** Policies that differ in exemptions alone mostly have the same result for a workload, which is then held once. */
const sharedAmong = ([first, ...others]: readonly ScannedSubject[]): ScannedSubject[] =>
  first === undefined ? [] : [first, ...others.map((other) => (isDeepStrictEqual(other, first) ? first : other))];

/** `not read: limitranges is forbidden: User …`, one line per reason. */
export const unreadableLines = (unreadable: readonly Unreadable[]): string[] =>
  rejectionLines(unreadable).map((line) => `not read: ${line}`);

function nothingText(namespace: string | undefined): string {
  const where =
    namespace === undefined ? 'specify a namespace that you may read (-n NAMESPACE)' : 'specify another namespace';
  return `nothing may be read; ${where}, or ask for a role that may list Pods and workloads, such as the ClusterRole view`;
}
