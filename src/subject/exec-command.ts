import { commandsOf, type ScriptCommand } from './shell-script.ts';

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh']);
const wrappers = new Set(['busybox', 'tini', 'env', 'exec']);

/** The name of the program in a path: `sh` of `/bin/sh`. */
export const programName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether the name is that of a shell. */
export const isShell = (program: string): boolean => shells.has(program);

/**
 * The commands that an exec probe or hook runs, as far as they can be determined: the program with its arguments, or
 * the commands in a shell's script (`sh -c`). Of `sudo` both are given, itself first. Programs are given by their bare
 * names.
 */
export function programsOf(command: readonly string[]): ScriptCommand[] {
  const { words, certain, sudo } = unwrapped(command);
  const [program = '', ...rest] = words;
  const outer = sudo === undefined ? [] : [{ words: sudo, certain }];
  if (!isShell(program)) return program === '' ? outer : [...outer, { words, certain }];
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = flag === -1 ? undefined : rest[flag + 1];
  if (script === undefined) return outer;
  const inner = commandsOf(script).flatMap((each) =>
    programsOf(each.words).map((one) => ({ ...one, certain: certain && each.certain && one.certain })),
  );
  return [...outer, ...inner];
}

/** A command without wrappers, and with the first `sudo` among them. */
interface Unwrapped extends ScriptCommand {
  readonly sudo: readonly string[] | undefined;
}

/** The command without wrappers that only start another program. A program under `timeout` may end at any time. */
function unwrapped(command: readonly string[]): Unwrapped {
  let start = 0;
  let certain = true;
  let sudo: readonly string[] | undefined;
  for (;;) {
    const name = programName(command[start] ?? '');
    if (name === 'timeout') {
      start = afterDuration(command, start + 1);
      certain = false;
    } else if (name === 'sudo') {
      sudo ??= [name, ...command.slice(start + 1)];
      start = afterOptions(command, start + 1);
    } else if (wrappers.has(name) && start + 1 < command.length) start++;
    else return { words: [name, ...command.slice(start + 1)], certain, sudo };
  }
}

/** `timeout -k 1 5 curl …`: the index of `curl`. */
function afterDuration(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && !/^\d/.test(words[at] ?? '')) at += /^-[ks]$/.test(words[at] ?? '') ? 2 : 1;
  return at + 1;
}

/** `sudo -n -u app curl …`: the index of `curl`. */
function afterOptions(words: readonly string[], from: number): number {
  let at = from;
  while (words[at]?.startsWith('-')) at += /^-[ugCDhpRTU]$/.test(words[at] ?? '') ? 2 : 1;
  return at;
}
