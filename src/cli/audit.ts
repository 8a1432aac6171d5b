import { Argument, Command, Option } from 'commander';
import { finish } from './command-result.ts';
import {
  fileOption,
  type JudgingOptions,
  kubernetesVersionOption,
  modeOption,
  noColorOption,
  noFixesOption,
  outputOption,
  policyOption,
} from './options.ts';
import type { AuditOptions } from './run-audit.ts';

/** `podwright audit`: judge manifests. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('judge manifests: files, folders (recursive), - for standard input')
    .addArgument(new Argument('[path...]', 'files, folders or -'))
    .addOption(fileOption())
    .addOption(policyOption())
    .addOption(modeOption())
    .addOption(noFixesOption())
    .addOption(kubernetesVersionOption())
    .addOption(
      new Option('--fail-on <mode>', 'lowest mode whose findings make the exit code 1')
        .choices(['never', 'audit', 'warn', 'enforce'])
        .default('enforce'),
    )
    .addOption(outputOption('text', 'json'))
    .addOption(noColorOption())
    .action(async (paths: string[], options: AuditOptions & JudgingOptions & { filename?: string[] }) => {
      const { runAudit } = await import('./run-audit.ts');
      const { plain, terminalPaint } = await import('./output/paint.ts');
      const paint = options.color ? terminalPaint : plain;
      finish(await runAudit([...paths, ...(options.filename ?? [])], options, () => process.stdin, paint));
    });
}
