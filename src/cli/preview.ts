import { Command, Option } from 'commander';
import { modes } from '../engine/rule.ts';
import { finish } from './command-result.ts';
import {
  contextOption,
  diffOption,
  includeExcludedOption,
  kubernetesVersionOption,
  noColorOption,
  noFixesOption,
  outputOption,
} from './options.ts';
import type { PreviewOptions } from './run-preview.ts';

/** `podwright preview`: what enforcing would do to a cluster. */
export function previewCommand(): Command {
  return new Command('preview')
    .description('what enforcing would do to what runs in the cluster of the kubeconfig; changes nothing')
    .addOption(new Option('--policy <file>', 'a policy as it is written, compared with the one in force'))
    .addOption(
      new Option(
        '--mode <mode>',
        'set every mode ceiling to this (default: enforce; with --policy as it is written)',
      ).choices(modes),
    )
    .addOption(
      new Option('--controllers <mode>', 'set the ceiling over Pods that controllers make anew').choices(modes),
    )
    .addOption(noFixesOption())
    .addOption(contextOption())
    .addOption(new Option('-n, --namespace <name>', 'the only namespace to judge'))
    .addOption(includeExcludedOption())
    .addOption(kubernetesVersionOption("the cluster's"))
    .addOption(diffOption())
    .addOption(outputOption('text', 'json', 'html'))
    .addOption(noColorOption())
    .action(async (options: PreviewOptions & { readonly color: boolean }) => {
      const { runPreview } = await import('./run-preview.ts');
      const { progressLine } = await import('./progress-line.ts');
      const { terminalPaint } = await import('./output/paint.ts');
      const paint = terminalPaint(options.color);
      finish(await runPreview(options, paint, progressLine(process.stderr)));
    });
}
