import type { Command, Option } from 'commander';

/**
 * The completions of the last word on a command line, one per line, with a tab before the description. None if any text
 * or file may follow.
 */
export async function candidates(program: Command, words: readonly string[]): Promise<string[]> {
  const last = words.at(-1) ?? '';
  const earlier = words.slice(0, -1);
  const command = commandOf(program, earlier);
  const flag = optionOf(command, earlier.at(-1));
  if (flag !== undefined && takesValue(flag)) return beginningWith(last, await valuesOf(flag));
  const [name = '', value] = last.split('=', 2);
  if (last.startsWith('-') && value !== undefined) {
    const choices = await valuesOf(optionOf(command, name));
    return beginningWith(value, choices).map((choice) => `${name}=${choice}`);
  }
  if (last.startsWith('-')) {
    const flags = command.createHelp().visibleOptions(command);
    return beginningWith(
      last,
      flags.map(({ long, short, description }) => `${long ?? short}\t${description}`),
    );
  }
  const children = command.createHelp().visibleCommands(command);
  return beginningWith(last, [
    ...children.map((child) => `${child.name()}\t${child.description()}`),
    ...(await argumentsOf(command)),
  ]);
}

/** The command among the words, skipping flags. */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) command = command.commands.find((child) => child.name() === word) ?? command;
  return command;
}

const optionOf = ({ options }: Command, flag: string | undefined): Option | undefined =>
  options.find(({ short, long }) => flag !== undefined && (flag === short || flag === long));

async function valuesOf(flag: Option | undefined): Promise<readonly string[]> {
  if (flag?.long !== '--rule') return flag?.argChoices ?? [];
  const { rules } = await import('../rules/index.ts');
  return rules.flatMap(({ id, docs, fix }) => (fix === undefined ? [] : [`${id}\t${docs.summary}`]));
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

async function argumentsOf(command: Command): Promise<readonly string[]> {
  const [argument] = command.registeredArguments;
  if (argument?.name() !== 'rule') return argument?.argChoices ?? [];
  const { rules } = await import('../rules/index.ts');
  return rules.map(({ id, docs }) => `${id}\t${docs.summary}`);
}

const beginningWith = (start: string, all: readonly string[]): string[] =>
  all.filter((candidate) => candidate.startsWith(start));
