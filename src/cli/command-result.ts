import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable, visible } from './output/layout.ts';

/** What a command has to say; `finish` is the one place that says it. */
export interface CommandResult {
  /** For standard output: the result itself. */
  readonly output: string;
  /** Written as they are, in place of the output. */
  readonly bytes?: Uint8Array;
  /** The result in further formats. */
  readonly files?: readonly WrittenFile[];
  /** For standard error, a line each. */
  readonly messages: readonly string[];
  /** 0 clean, 1 findings, 2 usage, unreadable input or invalid policy. */
  readonly exitCode: 0 | 1 | 2;
}

/** A file that a command writes. */
export interface WrittenFile {
  readonly file: string;
  readonly text: string;
}

/** The command could not do its job: nothing but messages, exit code 2. */
export const refused = (...messages: string[]): CommandResult => ({ output: '', messages, exitCode: 2 });

/** A result that is nothing but output. */
export const shown = (output: string): CommandResult => ({ output, messages: [], exitCode: 0 });

/** Writes a result and sets the exit code, which a reader that closes the pipe early does not change. */
export function finish({ output, bytes, files = [], messages, exitCode }: CommandResult): void {
  process.exitCode = exitCode;
  const unwritten = files.flatMap(write);
  if (unwritten.length > 0) process.exitCode = 2;
  if (bytes !== undefined) process.stdout.write(bytes);
  // A pipe or a file gets a diff as it is; a terminal, nothing that it obeys.
  else if (output !== '') process.stdout.write(ended(process.stdout.isTTY ? visible(output) : output));
  for (const message of [...messages, ...unwritten]) process.stderr.write(`${printable(message)}\n`);
}

/** Writes a file and the folders that it is in; says why if it cannot. */
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
