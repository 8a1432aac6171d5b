import type { Command } from 'commander';

/** A command as people type it, and what it does. */
export type Example = readonly [command: string, meaning: string];

/** The help of the command with examples above all else: they are what people look for. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}\n`);
  return command.addHelpText('before', `Examples:\n${lines.join('')}`);
}
