import { existsSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { type CommandResult, finish, rejected, shown } from './command-result.ts';
import { withExamples } from './examples.ts';

/** `podwright init`: writes a starter policy. */
export function initCommand(): Command {
  const command = new Command('init')
    .description('write a commented policy to start from')
    .addArgument(new Argument('[file]', 'file to write, or - for standard output').default('podwright.yaml'))
    .addOption(new Option('--force', 'overwrite an existing file'))
    .action(async (file: string, { force = false }: { force?: boolean }) => finish(await init(file, force)));
  return withExamples(command, [
    ['podwright init', 'podwright.yaml in this directory'],
    ['podwright init -', 'to standard output'],
  ]);
}

/** The content of the new policy file, unless it exists. */
export async function init(file: string, force: boolean): Promise<CommandResult> {
  const { starterPolicy } = await import('./starter-policy.ts');
  if (file === '-') return shown(starterPolicy);
  if (!force && existsSync(file)) return rejected(`${file} already exists; --force overwrites it`);
  const note = `wrote ${file}; podwright audit --policy ${file} PATH uses it`;
  return { output: '', files: [{ file, text: starterPolicy, note }], messages: [], exitCode: 0 };
}
