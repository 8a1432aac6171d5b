import { type Recommendation, recommend, type UsageRollUp } from '../audit/usage/index.ts';
import type { Unreadable } from '../cluster/scan/index.ts';
import { PrometheusError } from '../prometheus/index.ts';
import { connectionProblem } from './connection-problem.ts';
import type { OpenedCluster } from './open-cluster.ts';
import { ignoredSampleLines } from './output/ignored-sample-lines.ts';
import type { Recommendations } from './output/recommendation-data.ts';
import type { ProgressLine } from './progress-line.ts';
import { rejectionLines } from './rejection-lines.ts';
import {
  metricsSource,
  prometheusSource,
  type UsageSource,
  type UsageSourceOptions,
  usualMinimum,
} from './usage-source.ts';

/** How proposals are made, by the command line. */
export interface ProposalOptions extends UsageSourceOptions {
  readonly percentile?: number;
  readonly memoryPercentile?: number;
  readonly headroom?: number;
}

/** The proposals for all workloads and the remarks about them, or the reason that there are none. */
export type ReadRecommendations =
  | { readonly recommendations: Recommendations; readonly messages: readonly string[] }
  | { readonly problems: readonly string[] };

type ProposalSettings = Pick<Recommendations, 'percentiles' | 'headroom' | 'minimumSeconds'>;

export const settingsOf = ({
  percentile = 95,
  memoryPercentile = 100,
  headroom = 20,
  minimumTime = usualMinimum,
}: ProposalOptions): ProposalSettings => ({
  percentiles: { cpu: percentile, memory: memoryPercentile },
  headroom,
  minimumSeconds: minimumTime,
});

/** Reads the usage of running containers, and proposes requests and memory limits. Changes nothing. */
export async function readRecommendations(
  cluster: OpenedCluster,
  options: ProposalOptions,
  progress: ProgressLine<string>,
): Promise<ReadRecommendations> {
  const { ApiError } = await import('../cluster/api/index.ts');
  const settings = settingsOf(options);
  try {
    const source = await openSource(cluster, options, settings, progress);
    if ('problem' in source) return { problems: [source.problem] };
    const read = await readWorkloads(cluster, source, options, settings, progress);
    const messages = [...read.messages, ...ignoredSampleLines(source.ignored)];
    return 'workloads' in read
      ? { recommendations: { ...settings, source: source.name, workloads: read.workloads }, messages }
      : { problems: messages };
  } catch (error) {
    if (error instanceof PrometheusError) return { problems: [error.message] };
    if (error instanceof ApiError) return { problems: [connectionProblem(error)] };
    throw error;
  } finally {
    progress.clear();
  }
}

async function openSource(
  { client }: OpenedCluster,
  options: ProposalOptions,
  { percentiles }: Pick<Recommendations, 'percentiles'>,
  progress: ProgressLine<string>,
): Promise<UsageSource | { readonly problem: string }> {
  if (options.prometheus !== undefined) return prometheusSource(options.prometheus, options, percentiles);
  const { statusOf } = await import('../cluster/api/index.ts');
  try {
    return await metricsSource(client, options, percentiles, progress);
  } catch (error) {
    const advice = { 404: 'is metrics-server installed?', 503: 'is metrics-server running?' }[statusOf(error) ?? 0];
    if (advice === undefined) throw error;
    const { message } = error as Error;
    return { problem: `the cluster has no usage in metrics.k8s.io (${message}); ${advice} Or specify --prometheus` };
  }
}

/** The workloads if their Pods and any usage could be read, and messages about the unreadable rest. */
async function readWorkloads(
  { client, isExcluded }: OpenedCluster,
  source: UsageSource,
  { namespace }: ProposalOptions,
  settings: ProposalSettings,
  progress: ProgressLine<string>,
): Promise<{ readonly workloads?: readonly Recommendation[]; readonly messages: readonly string[] }> {
  const { runningWorkloads } = await import('../cluster/usage/index.ts');
  const unreadable: Unreadable[] = [];
  const proposals = openProposals(source, settings);
  for await (const { namespace: name, rollUp } of runningWorkloads({ client, namespace, isExcluded, unreadable })) {
    progress.show(`reading the usage of namespace ${name}`);
    await proposals.add(name, rollUp);
  }
  const missing = rejectionLines(unreadable).map((line) => `not read: ${line}`);
  if (unreadable.some(({ resource }) => resource === 'pods')) return { messages: missing };
  const all = proposals.all();
  return 'problem' in all ? { messages: [all.problem, ...missing] } : { ...all, messages: missing };
}

/** The proposals for workloads, while these are being read. */
export interface Proposals {
  /** Reads the usage of a namespace. */
  add(namespace: string, rollUp: UsageRollUp): Promise<void>;
  /** A problem if there are workloads, and no usage of any of them. */
  all(): { readonly workloads: readonly Recommendation[] } | { readonly problem: string };
}

export function openProposals(source: UsageSource, settings: ProposalSettings): Proposals {
  const workloads: Recommendation[] = [];
  let isUsed = false;
  return {
    async add(namespace, rollUp) {
      const usage = await source.usageIn(namespace);
      isUsed ||= usage.length > 0;
      for (const workload of rollUp.workloads(usage)) workloads.push(recommend(workload, settings));
    },
    all: () =>
      workloads.length > 0 && !isUsed
        ? { problem: `${source.name}: no usage of any container; ${source.advice}` }
        : { workloads },
  };
}
