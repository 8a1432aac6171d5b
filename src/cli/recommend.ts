import { Command } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import { contextOption, includeExcludedOption, namespaceOption, outputOption } from './options.ts';
import type { RecommendFlags } from './run-recommend.ts';
import { durationOption, prometheusOptions, proposalOptions } from './usage-options.ts';

/** `podwright recommend`: proposes requests and memory limits by what containers use. */
export function recommendCommand(): Command {
  const command = new Command('recommend')
    .description('propose requests and memory limits from the usage of running containers; changes nothing')
    .addOption(contextOption())
    .addOption(namespaceOption('the only namespace to read'))
    .addOption(includeExcludedOption())
    .addOption(outputOption('text', 'json', 'yaml', 'patch', 'policy'))
    .action(async (options: RecommendFlags) => {
      const { runRecommend } = await import('./run-recommend.ts');
      const { phaseLine } = await import('./progress-line.ts');
      finish(await runRecommend(options, phaseLine(process.stderr)));
    });
  const watchFor = 'how long to read metrics.k8s.io, every 15 seconds (default: one reading)';
  const ofUsage = [
    ...prometheusOptions('read the usage from this Prometheus instead of metrics.k8s.io'),
    durationOption('--watch-for <duration>', watchFor),
    ...proposalOptions(),
  ];
  for (const option of ofUsage) command.addOption(option);
  return withExamples(command, [
    ['podwright recommend --prometheus http://localhost:9090', 'by the usage of the last 7 days'],
    ['podwright recommend -n shop --watch-for 2h --minimum-time 1h', 'by metrics.k8s.io, read for two hours'],
    ['podwright recommend --prometheus http://localhost:9090 -o json > usage.json', 'for podwright fix'],
    ['podwright recommend --prometheus http://localhost:9090 -o patch', 'as patches for kubectl or Kustomize'],
    ['podwright recommend --prometheus http://localhost:9090 -o policy', 'as defaults of the fixes, for the policy'],
  ]);
}
