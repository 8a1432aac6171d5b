import { commandsOf, type ScriptCommand } from './shell-script.ts';

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh']);
const wrappers = new Set(['busybox', 'tini', 'env', 'exec']);

/** The name of the program in a path: `sh` of `/bin/sh`. */
export const programName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether the name is that of a shell. */
export const isShell = (program: string): boolean => shells.has(program);

/**
 * The commands that an exec probe or hook runs, as far as they can be determined: the program with its arguments, or
 * the commands in a shell's script (`sh -c`). Programs are given by their bare names.
 */
export function programsOf(command: readonly string[]): ScriptCommand[] {
  const { words, certain } = unwrapped(command);
  const [program = '', ...rest] = words;
  if (!isShell(program)) return program === '' ? [] : [{ words, certain }];
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = flag === -1 ? undefined : rest[flag + 1];
  if (script === undefined) return [];
  return commandsOf(script).flatMap((inner) =>
    programsOf(inner.words).map((one) => ({ ...one, certain: certain && inner.certain && one.certain })),
  );
}

/** The command without wrappers that only start another program. A program under `timeout` may end at any time. */
function unwrapped(command: readonly string[]): ScriptCommand {
  let start = 0;
  let certain = true;
  for (;;) {
    const name = programName(command[start] ?? '');
    if (name === 'timeout') {
      start = afterDuration(command, start + 1);
      certain = false;
    } else if (wrappers.has(name) && start + 1 < command.length) start++;
    else return { words: [name, ...command.slice(start + 1)], certain };
  }
}

/** `timeout -k 1 5 curl …`: the index of `curl`. */
function afterDuration(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && !/^\d/.test(words[at] ?? '')) at += /^-[ks]$/.test(words[at] ?? '') ? 2 : 1;
  return at + 1;
}
