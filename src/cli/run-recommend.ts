import { type Recommendation, recommend } from '../audit/usage/index.ts';
import type { Unreadable } from '../cluster/scan/index.ts';
import { PrometheusError } from '../prometheus/index.ts';
import { printYaml } from '../yaml/print.ts';
import { type CommandResult, refused } from './command-result.ts';
import { connectionProblem } from './connection-problem.ts';
import { type ClusterOptions, type OpenedCluster, openCluster } from './open-cluster.ts';
import { ignoredLines } from './output/ignored-line.ts';
import { type Recommendations, recommendationData } from './output/recommendation-data.ts';
import { recommendationPatch } from './output/recommendation-patch.ts';
import { recommendationText } from './output/recommendation-text.ts';
import type { ProgressLine } from './progress-line.ts';
import { refusalLines } from './refusal-lines.ts';
import {
  metricsSource,
  problemOfSource,
  prometheusSource,
  type UsageSource,
  type UsageSourceOptions,
} from './usage-source.ts';

export interface RecommendFlags extends UsageSourceOptions, Omit<ClusterOptions, 'kubernetesVersion'> {
  readonly namespace?: string;
  readonly percentile: number;
  readonly memoryPercentile: number;
  readonly headroom: number;
  readonly output: 'text' | 'json' | 'yaml' | 'patch';
}

/** Reads what the containers of running workloads use, and proposes requests and memory limits. Changes nothing. */
export async function runRecommend(flags: RecommendFlags, progress: ProgressLine<string>): Promise<CommandResult> {
  const problem = problemOfSource(flags);
  if (problem !== undefined) return refused(problem);
  const cluster = await openCluster(flags);
  if ('problem' in cluster) return refused(cluster.problem);
  const { ApiError } = await import('../cluster/api/index.ts');
  const percentiles = { cpu: flags.percentile, memory: flags.memoryPercentile };
  const settings = { percentiles, headroom: flags.headroom, minimumSeconds: flags.minimumTime };
  try {
    const source = await openSource(cluster, flags, settings, progress);
    if ('problem' in source) return refused(source.problem);
    const read = await readWorkloads(cluster, source, flags, settings, progress);
    if ('problems' in read) return refused(...read.problems);
    const recommendations = { ...settings, source: source.name, workloads: read.workloads };
    const format = formats[flags.output];
    return {
      output: format(recommendations),
      messages: [...read.missing, ...ignoredLines(source.ignored)],
      exitCode: 0,
    };
  } catch (error) {
    if (error instanceof PrometheusError) return refused(error.message);
    if (error instanceof ApiError) return refused(connectionProblem(error));
    throw error;
  } finally {
    progress.clear();
  }
}

const formats: Readonly<Record<RecommendFlags['output'], (all: Recommendations) => string>> = {
  text: recommendationText,
  json: (all) => JSON.stringify(recommendationData(all), null, 2),
  yaml: (all) => printYaml(recommendationData(all)),
  patch: recommendationPatch,
};

async function openSource(
  { client }: OpenedCluster,
  flags: RecommendFlags,
  { percentiles }: Pick<Recommendations, 'percentiles'>,
  progress: ProgressLine<string>,
): Promise<UsageSource | { readonly problem: string }> {
  if (flags.prometheus !== undefined) return prometheusSource(flags.prometheus, flags, percentiles);
  const { statusOf } = await import('../cluster/api/index.ts');
  try {
    return await metricsSource(client, flags, percentiles, progress);
  } catch (error) {
    const advice = { 404: 'is metrics-server installed?', 503: 'is metrics-server running?' }[statusOf(error) ?? 0];
    if (advice === undefined) throw error;
    const { message } = error as Error;
    return { problem: `the cluster has no usage in metrics.k8s.io (${message}); ${advice} Or specify --prometheus` };
  }
}

async function readWorkloads(
  { client, isExcluded }: OpenedCluster,
  source: UsageSource,
  { namespace }: RecommendFlags,
  settings: Pick<Recommendations, 'headroom' | 'minimumSeconds'>,
  progress: ProgressLine<string>,
): Promise<
  | { readonly workloads: readonly Recommendation[]; readonly missing: readonly string[] }
  | { readonly problems: readonly string[] }
> {
  const { runningWorkloads } = await import('../cluster/usage/index.ts');
  const unreadable: Unreadable[] = [];
  const workloads: Recommendation[] = [];
  let isUsed = false;
  for await (const each of runningWorkloads({ client, namespace, isExcluded, unreadable })) {
    progress.show(`reading the usage of namespace ${each.namespace}`);
    const usage = await source.usageIn(each.namespace);
    isUsed ||= usage.length > 0;
    for (const workload of each.rollUp.workloads(usage)) workloads.push(recommend(workload, settings));
  }
  const missing = refusalLines(unreadable).map((line) => `not read: ${line}`);
  if (unreadable.some(({ resource }) => resource === 'pods')) return { problems: missing };
  if (workloads.length > 0 && !isUsed)
    return {
      problems: [
        `${source.name}: no usage of any container; ${source.advice}`,
        ...missing,
        ...ignoredLines(source.ignored),
      ],
    };
  return { workloads, missing };
}
