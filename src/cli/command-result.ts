/** What a command has to say; `finish` is the one place that says it. */
export interface CommandResult {
  /** For standard output: the result itself. */
  readonly output: string;
  /** For standard error, a line each. */
  readonly messages: readonly string[];
  /** 0 clean, 1 findings, 2 usage, unreadable input or invalid policy. */
  readonly exitCode: 0 | 1 | 2;
}

/** The command could not do its job: nothing but messages, exit code 2. */
export const refused = (...messages: string[]): CommandResult => ({ output: '', messages, exitCode: 2 });

/** A result that is nothing but output. */
export const shown = (output: string): CommandResult => ({ output, messages: [], exitCode: 0 });

/** Writes a result and sets the exit code, which a reader that closes the pipe early does not change. */
export function finish({ output, messages, exitCode }: CommandResult): void {
  process.exitCode = exitCode;
  if (output !== '') process.stdout.write(output.endsWith('\n') ? output : `${output}\n`);
  for (const message of messages) process.stderr.write(`${message}\n`);
}
