import { Command, Option } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import { configMapOf, wholeSecondsOf } from './option-values.ts';
import { contextOption, namespaceOption, noColorOption, outputOption } from './options.ts';
import type { StatusCommandOptions } from './run-status.ts';

/** `podwright status`: the state of the installation in a cluster. */
export function statusCommand(): Command {
  const command = new Command('status')
    .description('show the state of Podwright in the cluster, and check that the API server calls it')
    .addOption(contextOption())
    .addOption(namespaceOption('namespace of Podwright (default: the one that the webhooks call)'))
    .addOption(
      new Option(
        '--config-map <name>',
        'ConfigMap of the status (default: <service>-status, by the Service that the webhooks call)',
      ).argParser(configMapOf),
    )
    .addOption(new Option('--strict', 'fail on warnings as well'))
    .addOption(
      new Option('--wait <seconds>', 'how long to check again until nothing is wrong')
        .argParser(wholeSecondsOf)
        .default(0),
    )
    .addOption(outputOption('text', 'json'))
    .addOption(noColorOption())
    .action(async (options: StatusCommandOptions & { readonly color: boolean }) => {
      const { runStatus } = await import('./run-status.ts');
      const { terminalPaint } = await import('./output/paint.ts');
      finish(await runStatus(options, terminalPaint(options.color)));
    });
  return withExamples(command, [
    ['podwright status', 'which policy is in force, and whether anything is wrong'],
    ['podwright status -n podwright-system', 'the same, if you may not read the webhook configurations'],
    ['podwright status --strict --wait 120', 'after an upgrade: wait until nothing is wrong'],
    ['podwright status -o json', 'for programs'],
  ]);
}
