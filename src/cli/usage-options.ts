import { Option } from 'commander';
import { durationOf, percentileOf, percentOf } from './option-values.ts';

/** The options of a Prometheus that has the usage; `meaning` is that of its address. */
export const prometheusOptions = (meaning: string): Option[] => [
  new Option('--prometheus <url>', meaning),
  new Option('--prometheus-token-file <file>', 'file with a bearer token for it'),
  new Option('--prometheus-matchers <list>', 'label matchers for all its series, such as cluster="a"'),
  durationOption('--window <duration>', 'how far to look back in Prometheus (default: 7d)'),
];

/** The options of how proposals are made from usage. */
export const proposalOptions = (minimum = '1d'): Option[] => [
  durationOption(
    '--minimum-time <duration>',
    `propose nothing for containers that were watched for less (default: ${minimum})`,
  ),
  percentileOption('--percentile <number>', 'percentile of the cpu used (default: 95)'),
  percentileOption('--memory-percentile <number>', 'percentile of the memory used, for its request (default: 100)'),
  new Option('--headroom <percent>', 'percentage to add to the usage (default: 20)').argParser(percentOf),
];

export const durationOption = (flags: string, meaning: string): Option =>
  new Option(flags, meaning).argParser(durationOf);

const percentileOption = (flags: string, meaning: string): Option => new Option(flags, meaning).argParser(percentileOf);
