import { Argument, Command } from 'commander';
import { finish, shown } from './command-result.ts';
import { candidates } from './completion-candidates.ts';
import { shells } from './completion-scripts.ts';

/** `podwright completion SHELL`, and the command that its script calls: `podwright complete -- WORDS`. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script for commands, flags and values')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(shells)))
    .exitOverride()
    .action((shell: keyof typeof shells) => finish(shown(shells[shell])));
  const complete = new Command('complete')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => finish(shown((await candidates(program, words)).join('\n'))));
  program.addCommand(complete, { hidden: true });
}
