import { Argument, Command } from 'commander';
import { finish, rejected } from './command-result.ts';
import { withExamples } from './examples.ts';
import {
  type EvaluationOptions,
  excludeOption,
  fileOption,
  kubernetesVersionOption,
  modeOption,
  namespaceOption,
  noColorOption,
  noConfigOption,
  noFixesOption,
  policyOption,
  valuesOption,
} from './options.ts';

/** `podwright explain`: describes one rule, or the result of every rule for an object. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('explain a rule, or with -f the result of every rule for a file')
    .addArgument(new Argument('[rule]', 'rule id'))
    .addOption(fileOption())
    .addOption(excludeOption())
    .addOption(valuesOption())
    .addOption(policyOption())
    .addOption(noConfigOption())
    .addOption(modeOption())
    .addOption(noFixesOption())
    .addOption(kubernetesVersionOption())
    .addOption(namespaceOption())
    .addOption(noColorOption())
    .action(async (rule: string | undefined, options: EvaluationOptions & { filename?: string[] }) => {
      const { terminalPaint } = await import('./output/paint.ts');
      const paint = terminalPaint(options.color);
      if ((rule === undefined) === (options.filename === undefined))
        return finish(
          rejected('explain either a rule (podwright explain RULE) or an object (podwright explain -f PATH)'),
        );
      if (rule !== undefined) {
        const { explainRule } = await import('./explain-rule.ts');
        return finish(await explainRule(rule, options, paint));
      }
      const { explainManifests } = await import('./explain-manifests.ts');
      finish(await explainManifests(options.filename ?? [], options, () => process.stdin, paint));
    });
  return withExamples(command, [
    ['podwright explain no-host-network', 'why it exists, what it requires, what its fix may break'],
    ['podwright explain -f deploy/web.yaml', 'the result of every rule for one object, with reasons'],
  ]);
}
