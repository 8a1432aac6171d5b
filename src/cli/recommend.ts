import { Command, Option } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import {
  contextOption,
  durationOf,
  includeExcludedOption,
  namespaceOption,
  outputOption,
  percentileOf,
  percentOf,
} from './options.ts';
import type { RecommendFlags } from './run-recommend.ts';

/** `podwright recommend`: proposes requests and memory limits by what containers use. */
export function recommendCommand(): Command {
  const command = new Command('recommend')
    .description('propose requests and memory limits by what running containers use; changes nothing')
    .addOption(new Option('--prometheus <url>', 'read the usage from this Prometheus instead of metrics.k8s.io'))
    .addOption(new Option('--prometheus-token-file <file>', 'file with a bearer token for it'))
    .addOption(new Option('--prometheus-matchers <list>', 'label matchers for all its series, such as cluster="a"'))
    .addOption(durationOption('--window <duration>', 'how far to look back in Prometheus (default: 7d)'))
    .addOption(
      durationOption(
        '--watch-for <duration>',
        'how long to read metrics.k8s.io, every 15 seconds (default: one reading)',
      ),
    )
    .addOption(
      durationOption('--minimum-time <duration>', 'propose nothing for what was watched for less').default(
        86_400,
        '1d',
      ),
    )
    .addOption(percentileOption('--percentile <number>', 'percentile of the cpu used', 95))
    .addOption(percentileOption('--memory-percentile <number>', 'percentile of the memory used, for its request', 100))
    .addOption(new Option('--headroom <percent>', 'what to add to the usage').argParser(percentOf).default(20))
    .addOption(contextOption())
    .addOption(namespaceOption('the only namespace to read'))
    .addOption(includeExcludedOption())
    .addOption(outputOption('text', 'json', 'yaml', 'patch'))
    .action(async (options: RecommendFlags) => {
      const { runRecommend } = await import('./run-recommend.ts');
      const { phaseLine } = await import('./progress-line.ts');
      finish(await runRecommend(options, phaseLine(process.stderr)));
    });
  return withExamples(command, [
    ['podwright recommend --prometheus http://localhost:9090', 'by the usage of the last 7 days'],
    ['podwright recommend -n shop --watch-for 2h --minimum-time 1h', 'by metrics.k8s.io, read for two hours'],
    ['podwright recommend --prometheus http://localhost:9090 -o json > usage.json', 'for podwright fix'],
    ['podwright recommend --prometheus http://localhost:9090 -o patch', 'as patches for kubectl or Kustomize'],
  ]);
}

const durationOption = (flags: string, meaning: string): Option => new Option(flags, meaning).argParser(durationOf);

const percentileOption = (flags: string, meaning: string, usual: number): Option =>
  new Option(flags, meaning).argParser(percentileOf).default(usual);
