import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { onTestFinished } from 'vitest';

/** A process starts slowly on a machine that is busy. */
export const patient = { timeout: 60_000 };
export const freePorts = ['--port', '0', '--monitoring-port', '0', '--host', '127.0.0.1'];

export interface ServeProcess {
  readonly child: ChildProcess;
  /** `signal` is that by which the process was ended, if it did not end by itself. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

/** `podwright serve` in a process of its own; `output` is its standard output. */
export function startServe(args: readonly string[], output: 'pipe' | number = 'pipe'): ServeProcess {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const stdio: StdioOptions = ['ignore', output, 'pipe'];
  const child = spawn(execPath, [main, 'serve', ...args], { stdio });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended: ServeProcess['ended'] = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr })),
  );
  return { child, ended };
}
