import { Command, Option } from 'commander';
import { modes } from '../engine/rule.ts';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import {
  contextOption,
  diffOption,
  includeExcludedOption,
  kubernetesVersionOption,
  namespaceOption,
  noColorOption,
  noFixesOption,
  outputOption,
  policyNamespaceOption,
} from './options.ts';
import type { PreviewOptions } from './run-preview.ts';
import { prometheusOptions, proposalOptions } from './usage-options.ts';

/** `podwright preview`: shows the effect of enforcement on a cluster. */
export function previewCommand(): Command {
  const command = new Command('preview')
    .description('preview what enforcement would do to running workloads; changes nothing')
    .addOption(new Option('--policy <file>', 'preview this policy and compare it with the current one'))
    .addOption(
      new Option(
        '--mode <mode>',
        'set every mode ceiling to this mode (default: enforce; with --policy, as written)',
      ).choices(modes),
    )
    .addOption(new Option('--controllers <mode>', 'set the ceiling for Pods that controllers recreate').choices(modes))
    .addOption(noFixesOption())
    .addOption(contextOption())
    .addOption(namespaceOption('the only namespace to check'))
    .addOption(policyNamespaceOption())
    .addOption(includeExcludedOption())
    .addOption(kubernetesVersionOption("the cluster's"))
    .addOption(diffOption())
    .addOption(outputOption('text', 'json', 'markdown', 'html'))
    .addOption(noColorOption())
    .action(async (options: PreviewOptions & { readonly color: boolean }) => {
      const { runPreview } = await import('./run-preview.ts');
      const { progressLine } = await import('./progress-line.ts');
      const { terminalPaint } = await import('./output/paint.ts');
      const { keepHeapTight } = await import('./small-heap.ts');
      const paint = terminalPaint(options.color);
      keepHeapTight();
      finish(await runPreview(options, paint, progressLine(process.stderr)));
    });
  const usageFile = 'show the proposals of this file, which podwright recommend -o json wrote, with missing requests';
  const ofUsage = [
    new Option('--usage <file>', usageFile),
    ...prometheusOptions('show the requests that the usage in this Prometheus suggests where they are missing'),
    ...proposalOptions('1d, or that of the file'),
  ];
  for (const option of ofUsage) command.addOption(option);
  return withExamples(command, [
    ['podwright preview', 'what enforcing everywhere would do'],
    ['podwright preview -n shop --diff', 'in one namespace, with the patches'],
    ['podwright preview -n shop --policy-namespace podwright-system', 'with permissions in these namespaces only'],
    ['podwright preview --policy new.yaml', 'what a new policy would change'],
    ['podwright preview --prometheus http://localhost:9090', 'with requests from usage'],
    ['podwright preview -o html > preview.html', 'a page for a meeting'],
  ]);
}
