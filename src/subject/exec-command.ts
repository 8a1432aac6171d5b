import { commandsOf, type ScriptCommand } from './shell-script.ts';

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'ksh', 'zsh']);
const wrappers = new Set(['busybox', 'tini', 'env', 'exec']);

/** The name of the program that a path or name starts: `sh` of `/bin/sh`. */
export const programName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether the name is that of a shell. */
export const isShell = (program: string): boolean => shells.has(program);

/**
 * What the command of an exec probe or hook runs, as far as it can be read: the program with its arguments, or the
 * commands of the script that a shell is given (`sh -c`). The program of each is its bare name.
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

/** The command without programs that only start another. What `timeout` starts ends when it likes. */
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

/** `timeout -k 1 5 curl …`: where `curl` is. */
function afterDuration(words: readonly string[], from: number): number {
  let at = from;
  while (at < words.length && !/^\d/.test(words[at] ?? '')) at += /^-[ks]$/.test(words[at] ?? '') ? 2 : 1;
  return at + 1;
}
