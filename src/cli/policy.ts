import { Argument, Command } from 'commander';
import { isAtLeast, type Policy } from '../engine/policy.ts';
import { modes } from '../engine/rule.ts';
import { type CommandResult, finish, shown } from './command-result.ts';

/** `podwright policy`: `check` a file, print the `schema`. */
export function policyCommand(): Command {
  const check = new Command('check')
    .description('validate a policy file: every problem with line and column')
    .addArgument(new Argument('<path>', 'policy file'))
    .action(async (file: string) => finish(await checkPolicy(file)));
  const schema = new Command('schema')
    .description("print the policy's JSON Schema")
    .action(async () => finish(await showSchema()));
  return new Command('policy').description('validate policy files').addCommand(check).addCommand(schema);
}

/** The problems are the result, so they go to standard output. */
export async function checkPolicy(file: string): Promise<CommandResult> {
  const { readPolicy } = await import('./policy-options.ts');
  const policy = await readPolicy(file);
  if ('problems' in policy) return { output: policy.problems.join('\n'), messages: [], exitCode: 2 };
  return shown(`${file} is valid: ${policySummary(policy)}`);
}

/** `mode enforce; 4 rules enforce, 3 warn, 2 audit, 1 off; 3 fixes on`. */
export function policySummary(policy: Policy): string {
  const counts = modes.toReversed().flatMap((mode) => {
    const count = policy.rules.filter((setting) => setting.mode === mode).length;
    return count === 0 ? [] : [`${count} ${mode}`];
  });
  const fixing = policy.rules.filter(({ rule, mode, fix }) => rule.fix && fix && isAtLeast(mode, 'warn')).length;
  const fixes = policy.fixes ? `${fixing} fixes on` : 'no fixes';
  return `mode ${policy.mode}; rules: ${counts.join(', ')}; ${fixes}`;
}

async function showSchema(): Promise<CommandResult> {
  const { policySchema } = await import('../policy/schema.ts');
  const { rules } = await import('../rules/index.ts');
  return shown(JSON.stringify(policySchema(rules), undefined, 2));
}
