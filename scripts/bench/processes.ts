import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export const program = join(import.meta.dirname, '../../dist/podwright.js');

const address = '127.0.0.1';
const patienceMs = 20_000;

export interface ServerProcess {
  readonly child: ChildProcess;
  /** From the call to the first answer that says ready. */
  readonly readyMs: number;
}

/** Starts a server of this machine and waits until the address answers 200. */
export async function startServer(
  args: readonly string[],
  readyUrl: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const start = performance.now();
  const child = spawn(execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...env, ...variables } });
  while (performance.now() - start < patienceMs) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
    if (await answers(readyUrl)) return { child, readyMs: performance.now() - start };
    await sleep(2);
  }
  throw new Error(`${args.join(' ')} is not ready after ${patienceMs} ms`);
}

/** Starts `podwright serve` on these ports. */
export function startPodwright(
  port: number,
  flags: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const ports = ['--host', address, '--port', `${port}`, '--monitoring-port', `${port + 1}`];
  return startServer([program, 'serve', ...ports, ...flags], `http://${address}:${port + 1}/readyz`, variables);
}

export async function stop({ child }: ServerProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Resident memory in MiB. */
export function residentMib({ child }: ServerProcess): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** Wall time in ms of each command, run in turns. */
export function timeCommands(commands: readonly (readonly string[])[], rounds: number): number[][] {
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, args] of commands.entries()) {
      const start = performance.now();
      spawnSync(execPath, args, { stdio: 'ignore' });
      times[index]?.push(performance.now() - start);
    }
  return times;
}

async function answers(url: string): Promise<boolean> {
  // a refused connection means: not yet
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
