import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from '../files/write-whole.ts';
import { printable, visible } from './output/layout.ts';

/** The output of a command; only `finish` writes it. */
export interface CommandResult {
  /** For standard output: the actual result. */
  readonly output: string;
  /** Written unchanged, instead of the output. */
  readonly bytes?: Uint8Array;
  /** The result in further formats. */
  readonly files?: readonly WrittenFile[];
  /** For standard error, one line each. */
  readonly messages: readonly string[];
  /** 0 clean, 1 findings, 2 usage, unreadable input or invalid policy. */
  readonly exitCode: 0 | 1 | 2;
}

/** A file that a command writes. */
export interface WrittenFile {
  readonly file: string;
  readonly text: string;
  /** For standard error, once it has been written. */
  readonly note?: string;
}

/** The command could not do its job: only messages, exit code 2. */
export const rejected = (...messages: string[]): CommandResult => ({ output: '', messages, exitCode: 2 });

/** A result with output only. */
export const shown = (output: string): CommandResult => ({ output, messages: [], exitCode: 0 });

/** Writes a result and sets the exit code, even if a reader closes the pipe early. */
export function finish({ output, bytes, files = [], messages, exitCode }: CommandResult): void {
  process.exitCode = exitCode;
  const notes: string[] = [];
  const unwritten: string[] = [];
  for (const each of files) {
    const problem = problemOfWriting(each);
    if (problem !== undefined) unwritten.push(problem);
    else if (each.note !== undefined) notes.push(each.note);
  }
  if (unwritten.length > 0) process.exitCode = 2;
  if (bytes !== undefined) process.stdout.write(bytes);
  // A pipe or a file gets a diff unchanged; a terminal gets no control characters.
  else if (output !== '') process.stdout.write(ended(process.stdout.isTTY ? visible(output) : output));
  for (const message of [...messages, ...notes, ...unwritten]) process.stderr.write(`${printable(message)}\n`);
}

/** Writes a file and its parent directories; returns the reason if that fails. */
function problemOfWriting({ file, text }: WrittenFile): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, ended(text));
    return undefined;
  } catch (error) {
    return `cannot write ${file}: ${(error as Error).message}`;
  }
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
