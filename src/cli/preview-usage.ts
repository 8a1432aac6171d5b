import { atLeast, type MeasuredContainers, measuredContainers } from './measured-usage.ts';
import type { OpenedCluster } from './open-cluster.ts';
import { recommendationData } from './output/recommendation-data.ts';
import { type ProposalOptions, readRecommendations } from './read-recommendations.ts';
import { readUsageFile } from './usage-file.ts';
import { problemOfSource } from './usage-source.ts';

/** The command line's selection of what a preview knows about usage. */
export interface PreviewUsageOptions extends ProposalOptions {
  /** A file that `podwright recommend` wrote. */
  readonly usage?: string;
}

/** Why the options contradict each other, if so. */
export function problemOfUsage(options: PreviewUsageOptions): string | undefined {
  const { usage, prometheus, minimumTime } = options;
  if (prometheus !== undefined)
    return usage === undefined ? problemOfSource(options) : '--usage and --prometheus exclude each other';
  const idle = flagsOfPrometheus.find(([option]) => options[option] !== undefined);
  if (idle !== undefined) return `${idle[1]} needs --prometheus`;
  return minimumTime !== undefined && usage === undefined ? '--minimum-time needs --prometheus or --usage' : undefined;
}

const flagsOfPrometheus = [
  ['prometheusTokenFile', '--prometheus-token-file'],
  ['prometheusMatchers', '--prometheus-matchers'],
  ['window', '--window'],
  ['percentile', '--percentile'],
  ['memoryPercentile', '--memory-percentile'],
  ['headroom', '--headroom'],
] as const;

/** The known usage and the remarks about it, or the reason that it could not be read; undefined if none is wanted. */
export async function previewUsage(
  cluster: OpenedCluster,
  options: PreviewUsageOptions,
): Promise<
  | { readonly measured: MeasuredContainers; readonly messages: readonly string[] }
  | { readonly problems: readonly string[] }
  | undefined
> {
  if (options.usage !== undefined) {
    const read = await readUsageFile(options.usage);
    if ('problem' in read) return { problems: [read.problem] };
    const { measured, messages } = read;
    const source = measured.source === undefined ? options.usage : `${options.usage} (${measured.source})`;
    return { measured: { ...atLeast(options.minimumTime, measured), source }, messages };
  }
  if (options.prometheus === undefined) return undefined;
  const read = await readRecommendations(cluster, options, { show: () => undefined, clear: () => undefined });
  if ('problems' in read) return read;
  const measured = measuredContainers(recommendationData(read.recommendations));
  return 'problem' in measured ? { problems: [measured.problem] } : { measured, messages: read.messages };
}
