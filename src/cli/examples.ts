import type { Command } from 'commander';

/** A command line, and its purpose. */
export type Example = readonly [command: string, meaning: string];

/** The command's help, with examples first because users look for them most. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}\n`);
  return command.addHelpText('before', `Examples:\n${lines.join('')}`);
}
