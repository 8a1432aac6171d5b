import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { onTestFinished } from 'vitest';
import { testClient, testFolder, until } from './support.ts';

export const freePorts = ['--port', '0', '--monitoring-port', '0', '--host', '127.0.0.1'];

export interface ServeProcess {
  readonly child: ChildProcess;
  /** `signal` is that by which the process was ended, if it did not end by itself. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

export interface ServeProcessOptions {
  /** Its standard output. */
  readonly output?: 'pipe' | number;
  readonly nodeFlags?: readonly string[];
}

/** `podwright serve` in a process of its own. */
export function startServe(
  args: readonly string[],
  { output = 'pipe', nodeFlags = [] }: ServeProcessOptions = {},
): ServeProcess {
  const main = join(import.meta.dirname, '../../src/main.ts');
  const stdio: StdioOptions = ['ignore', output, 'pipe'];
  const child = spawn(execPath, [...nodeFlags, main, 'serve', ...args], { stdio });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended: ServeProcess['ended'] = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr })),
  );
  return { child, ended };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** A server of which the log may tell nothing: where it is, is known beforehand. */
export async function startUnheard(options: ServeProcessOptions = {}, args: readonly string[] = []) {
  const [port, monitoringPort] = [await freePort(), await freePort()];
  const caFile = join(testFolder(), 'ca.pem');
  const ports = ['--host', '127.0.0.1', '--port', String(port), '--monitoring-port', String(monitoringPort)];
  const { child, ended } = startServe([...ports, '--self-signed-ca', caFile, ...args], options);
  const monitoring = `http://127.0.0.1:${monitoringPort}`;
  await until(async () => (await fetch(`${monitoring}/readyz`).catch(() => undefined))?.ok === true);
  const client = testClient(port, readFileSync(caFile, 'utf8'));
  async function valueOf(metric: string): Promise<number> {
    const metrics = await (await fetch(`${monitoring}/metrics`)).text();
    return Number(new RegExp(`^podwright_${metric} (\\d+)$`, 'm').exec(metrics)?.[1]);
  }
  return { child, ended, client, monitoring, valueOf };
}
