import { Command, Option } from 'commander';
import { modes } from '../engine/rule.ts';
import { withExamples } from './examples.ts';
import { portOf, wholeSecondsOf } from './option-values.ts';
import {
  contextOption,
  includeExcludedOption,
  kubernetesVersionOption,
  namespaceOption,
  noFixesOption,
  policyNamespaceOption,
} from './options.ts';
import type { DashboardOptions } from './run-dashboard.ts';

/** `podwright dashboard`: the pages of preview and audit, evaluated whenever they are opened. */
export function dashboardCommand(): Command {
  const command = new Command('dashboard')
    .description('serve the pages of preview and audit for the cluster of the kubeconfig, on this machine only')
    .addOption(new Option('--port <port>', 'port on 127.0.0.1; 0: any free one').argParser(portOf).default(8090))
    .addOption(
      new Option('--max-age <seconds>', 'how long a page is shown again before the cluster is read again')
        .argParser(wholeSecondsOf)
        .default(30),
    )
    .addOption(new Option('--policy <file>', 'show this policy, read again each time, instead of the one in force'))
    .addOption(new Option('--mode <mode>', 'set every mode ceiling of the preview to this mode').choices(modes))
    .addOption(noFixesOption())
    .addOption(contextOption())
    .addOption(namespaceOption('the only namespace to check'))
    .addOption(policyNamespaceOption())
    .addOption(includeExcludedOption())
    .addOption(kubernetesVersionOption("the cluster's"))
    .action(async (options: DashboardOptions) => {
      const { runDashboard } = await import('./run-dashboard.ts');
      process.exitCode = await runDashboard(options, process.stderr);
    });
  return withExamples(command, [
    ['podwright dashboard', 'the cluster of the current context, on http://127.0.0.1:8090'],
    ['podwright dashboard -n shop --max-age 5', 'one namespace, while you repair it'],
    ['podwright dashboard --policy new.yaml', 'the effect of a policy while you write it'],
  ]);
}
