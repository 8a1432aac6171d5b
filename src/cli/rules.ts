import { Command } from 'commander';
import type { Policy } from '../engine/policy.ts';
import type { RuleSetting } from '../engine/rule-setting.ts';
import { finish, rejected, shown } from './command-result.ts';
import { outputOption, policyOption } from './options.ts';
import { table } from './output/layout.ts';

/** `podwright rules`: lists every rule, one per line. */
export function rulesCommand(): Command {
  return new Command('rules')
    .description('list all rules with their settings in the policy')
    .addOption(policyOption())
    .addOption(outputOption('text', 'json'))
    .action(async (options: { policy?: string; output: 'text' | 'json' }) => {
      const { policyOf } = await import('./policy-options.ts');
      const policy = await policyOf(options);
      if ('problems' in policy) return finish(rejected(...policy.problems));
      finish(shown(options.output === 'json' ? rulesJson(policy) : rulesText(policy)));
    });
}

/** Id, severity, mode, whether it repairs, and its summary. */
export function rulesText({ rules }: Policy): string {
  const header = ['RULE', 'SEVERITY', 'MODE', 'FIX', 'ASKS'];
  const rows = rules.map((setting) => {
    const { rule, mode } = setting;
    return [rule.id, rule.severity, mode, fixOf(setting), rule.docs.summary];
  });
  return table([header, ...rows]).join('\n');
}

export function rulesJson({ rules }: Policy): string {
  const data = rules.map(({ rule, mode, fix, options }) => ({
    id: rule.id,
    category: rule.category,
    group: rule.group,
    severity: rule.severity,
    mode,
    fix: rule.fix === undefined ? null : { enabled: fix, risk: rule.fix.risk },
    summary: rule.docs.summary,
    options,
  }));
  return JSON.stringify(data, undefined, 2);
}

const fixOf = ({ rule, fix }: RuleSetting): string => (rule.fix === undefined ? '-' : fix ? 'on' : 'off');
