import { Argument, Command, Option } from 'commander';
import type { CheckOptions } from './check-policy.ts';
import { type CommandResult, finish, shown } from './command-result.ts';
import { withExamples } from './examples.ts';

/** `podwright policy`: `check` validates a file, `schema` prints the schema. */
export function policyCommand(): Command {
  const check = new Command('check')
    .description('validate a policy file; report every problem with line and column')
    .addArgument(new Argument('<path>', 'policy file, ConfigMap or chart values; - for standard input'))
    .addOption(new Option('--policy <file>', "check a team's exemptions against this policy"))
    .addOption(new Option('-n, --namespace <name>', 'namespace of these exemptions (default: that of their ConfigMap)'))
    .action(async (file: string, options: CheckOptions) => {
      const { checkPolicy } = await import('./check-policy.ts');
      finish(await checkPolicy(file, process.stdin, options));
    });
  withExamples(check, [
    ['podwright policy check podwright.yaml', 'a policy file'],
    ['podwright policy check values.yaml', 'values of the chart'],
    ['helm template podwright charts/podwright | podwright policy check -', 'what an installation would get'],
    ['podwright policy check exemptions.yaml --policy podwright.yaml', 'the ConfigMap podwright-exemptions of a team'],
  ]);
  const schema = new Command('schema')
    .description("print the policy's JSON Schema")
    .action(async () => finish(await showSchema()));
  return new Command('policy').description('validate policy files').addCommand(check).addCommand(schema);
}

async function showSchema(): Promise<CommandResult> {
  const { policySchema } = await import('../policy/schema.ts');
  const { rules } = await import('../rules/index.ts');
  return shown(JSON.stringify(policySchema(rules), undefined, 2));
}
