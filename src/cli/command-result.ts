import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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
}

/** The command could not do its job: only messages, exit code 2. */
export const refused = (...messages: string[]): CommandResult => ({ output: '', messages, exitCode: 2 });

/** A result with output only. */
export const shown = (output: string): CommandResult => ({ output, messages: [], exitCode: 0 });

/** Writes a result and sets the exit code, even if a reader closes the pipe early. */
export function finish({ output, bytes, files = [], messages, exitCode }: CommandResult): void {
  process.exitCode = exitCode;
  const unwritten = files.flatMap(write);
  if (unwritten.length > 0) process.exitCode = 2;
  if (bytes !== undefined) process.stdout.write(bytes);
  // A pipe or a file gets a diff unchanged; a terminal gets no control characters.
  else if (output !== '') process.stdout.write(ended(process.stdout.isTTY ? visible(output) : output));
  for (const message of [...messages, ...unwritten]) process.stderr.write(`${printable(message)}\n`);
}

/** Writes a file and its parent directories; returns the reason if that fails. */
function write({ file, text }: WrittenFile): string[] {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, ended(text));
    return [];
  } catch (error) {
    return [`cannot write ${file}: ${(error as Error).message}`];
  }
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
