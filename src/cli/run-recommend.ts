import { printYaml } from '../yaml/print.ts';
import { type CommandResult, rejected } from './command-result.ts';
import { type ClusterOptions, openCluster } from './open-cluster.ts';
import { type Recommendations, recommendationData } from './output/recommendation-data.ts';
import { recommendationPatch } from './output/recommendation-patch.ts';
import { recommendationPolicy } from './output/recommendation-policy.ts';
import { recommendationText } from './output/recommendation-text.ts';
import type { ProgressLine } from './progress-line.ts';
import { type ProposalOptions, readRecommendations } from './read-recommendations.ts';
import { problemOfSource } from './usage-source.ts';

export interface RecommendFlags extends ProposalOptions, Omit<ClusterOptions, 'kubernetesVersion'> {
  readonly namespace?: string;
  readonly output: 'text' | 'json' | 'yaml' | 'patch' | 'policy';
}

/** Prints the proposals for running workloads. Changes nothing. */
export async function runRecommend(flags: RecommendFlags, progress: ProgressLine<string>): Promise<CommandResult> {
  const problem = problemOfSource(flags);
  if (problem !== undefined) return rejected(problem);
  const cluster = await openCluster(flags);
  if ('problem' in cluster) return rejected(cluster.problem);
  const read = await readRecommendations(cluster, flags, progress);
  if ('problems' in read) return rejected(...read.problems);
  const format = formats[flags.output];
  return { output: format(read.recommendations), messages: read.messages, exitCode: 0 };
}

const formats: Readonly<Record<RecommendFlags['output'], (all: Recommendations) => string>> = {
  text: recommendationText,
  json: (all) => JSON.stringify(recommendationData(all), null, 2),
  yaml: (all) => printYaml(recommendationData(all)),
  patch: recommendationPatch,
  policy: recommendationPolicy,
};
