import { openUsageRollUp } from '../audit/usage/index.ts';
import type { Alongside } from '../cluster/scan/index.ts';
import { atLeast, type MeasuredContainers, measuredContainers } from './measured-usage.ts';
import { ignoredSampleLines } from './output/ignored-sample-lines.ts';
import { recommendationData } from './output/recommendation-data.ts';
import { openProposals, type ProposalOptions, settingsOf } from './read-recommendations.ts';
import { readUsageFile } from './usage-file.ts';
import { problemOfSource, prometheusSource } from './usage-source.ts';

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

/** What is known about usage, once the cluster has been read. */
export interface PreviewUsage {
  /** Takes the objects that the preview reads. */
  readonly alongside?: (namespace: string) => Alongside;
  known():
    | { readonly measured: MeasuredContainers; readonly messages: readonly string[] }
    | { readonly problem: string };
}

/** The usage that is wanted, or the reason that it cannot be read; undefined if none is. */
export async function previewUsage(
  options: PreviewUsageOptions,
): Promise<PreviewUsage | { readonly problem: string } | undefined> {
  if (options.usage !== undefined) {
    const read = await readUsageFile(options.usage);
    if ('problem' in read) return read;
    const { measured, messages } = read;
    const source = measured.source === undefined ? options.usage : `${options.usage} (${measured.source})`;
    const known = { measured: { ...atLeast(options.minimumTime, measured), source }, messages };
    return { known: () => known };
  }
  if (options.prometheus === undefined) return undefined;
  const settings = settingsOf(options);
  const source = await prometheusSource(options.prometheus, options, settings.percentiles);
  if ('problem' in source) return source;
  const proposals = openProposals(source, settings);
  return {
    alongside(namespace) {
      const rollUp = openUsageRollUp(namespace);
      return { ...rollUp, end: () => proposals.add(namespace, rollUp) };
    },
    known() {
      const all = proposals.all();
      if ('problem' in all) return all;
      const measured = measuredContainers(recommendationData({ ...settings, source: source.name, ...all }));
      return 'problem' in measured ? measured : { measured, messages: ignoredSampleLines(source.ignored) };
    },
  };
}
