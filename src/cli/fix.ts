import { Argument, Command, Option } from 'commander';
import { finish } from './command-result.ts';
import { withExamples } from './examples.ts';
import {
  type EvaluationOptions,
  excludeOption,
  fileOption,
  kubernetesVersionOption,
  namespaceOption,
  noColorOption,
  noConfigOption,
  policyOption,
} from './options.ts';
import type { FixOptions } from './run-fix.ts';

interface FixFlags extends FixOptions, EvaluationOptions {
  readonly filename?: string[];
}

/** `podwright fix`: repairs manifests as admission would repair their Pods. */
export function fixCommand(): Command {
  const command = new Command('fix')
    .description('repair manifests as admission would: print a diff, or write the changes')
    .addArgument(new Argument('[path...]', 'files, directories or -'))
    .addOption(fileOption())
    .addOption(excludeOption())
    .addOption(new Option('--write', 'change the files; for standard input, print the repaired text'))
    .addOption(new Option('--unsafe', 'also make fixes that can change how an application behaves'))
    .addOption(
      new Option('--rule <id>', 'make only the fix of this rule, even if the policy has it off (repeatable)').argParser(
        (id: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), id],
      ),
    )
    .addOption(
      new Option('--from-usage <file>', 'set the requests that podwright recommend -o json proposes in this file'),
    )
    .addOption(policyOption())
    .addOption(noConfigOption())
    .addOption(kubernetesVersionOption())
    .addOption(namespaceOption('namespace of objects without one (default: default)'))
    .addOption(noColorOption())
    .action(async (args: string[], options: FixFlags) => {
      const { runFix } = await import('./run-fix.ts');
      const { terminalPaint } = await import('./output/paint.ts');
      const paths = [...args, ...(options.filename ?? [])];
      finish(await runFix(paths, options, () => process.stdin, terminalPaint(options.color)));
    });
  return withExamples(command, [
    ['podwright fix deploy', 'print as a diff what would change'],
    ['podwright fix deploy --write', 'change the files'],
    [
      'podwright fix deploy --rule require-memory-request --unsafe --from-usage usage.json',
      'request the memory that is used; see podwright recommend',
    ],
    ['podwright fix deploy --rule run-as-non-root --unsafe', 'make one fix that a program may notice'],
  ]);
}
