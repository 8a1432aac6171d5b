import type { Command } from 'commander';
import { code, tableLines } from './markdown.ts';

/** The flags of a command as a table, with the descriptions and defaults that its help prints. */
export function commandFlags(command: Command): string {
  const rows = command.options.map(({ flags, description, argChoices }) => {
    const choices = argChoices === undefined ? '' : `: ${argChoices.map(code).join(', ')}`;
    return [code(flags), `${description.charAt(0).toUpperCase()}${description.slice(1)}${choices}.`];
  });
  return tableLines(['Flag', 'Meaning'], rows).join('\n');
}
