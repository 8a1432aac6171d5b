import type { ScannedSubject } from '../audit/scanned-subject.ts';
import type { Unreadable } from '../cluster/scan-cluster.ts';
import type { Policy } from '../engine/policy.ts';
import { connectionProblem } from './connection-problem.ts';
import type { ClusterOptions, OpenedCluster } from './open-cluster.ts';
import type { ProgressLine } from './progress-line.ts';

/** What runs in a cluster, each subject under each policy, and what may not be read. */
export interface JudgedCluster {
  readonly subjects: readonly (readonly ScannedSubject[])[];
  readonly unreadable: readonly Unreadable[];
}

/** Reads the cluster once and judges it under all the policies. */
export async function judgeCluster(
  { client, surroundings, isExcluded }: OpenedCluster,
  policies: readonly Policy[],
  { namespace }: ClusterOptions,
  progress: ProgressLine,
): Promise<JudgedCluster | { readonly problem: string }> {
  const { scanUnder } = await import('../cluster/scan-cluster.ts');
  const { ApiError } = await import('../cluster/api-client.ts');
  const scan = scanUnder(policies, { client, surroundings, namespace, isExcluded, onProgress: progress.show });
  const subjects: (readonly ScannedSubject[])[] = [];
  try {
    for await (const judged of scan) subjects.push(judged);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { problem: connectionProblem(error) };
  } finally {
    progress.clear();
  }
  const unreadable = [...surroundings.unreadable, ...scan.unreadable];
  // the one thing without which nothing is known
  if (subjects.length === 0 && scan.unreadable.some(({ resource }) => resource === 'pods'))
    return { problem: `nothing may be read: ${unreadable.map(({ message }) => message).join('; ')}` };
  return { subjects, unreadable };
}

/** `not read: limitranges is forbidden: User …`, a line each. */
export const unreadableLines = ({ unreadable }: JudgedCluster): string[] =>
  unreadable
    .map(({ resource, message }) => `not read: ${message.startsWith(resource) ? '' : `${resource}: `}${message}`)
    .toSorted();
