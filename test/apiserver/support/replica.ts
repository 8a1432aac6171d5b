import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { ServeOptions } from '../../../src/server/serve-options.ts';
import { hostName } from './server-process.ts';

const main = join(import.meta.dirname, 'serve-given-options.ts');

/** A line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg?: string;
  readonly step?: string;
  readonly problem?: string;
  readonly problems?: readonly string[];
}

/** A server process that keeps its certificate in the cluster. */
export interface Replica {
  readonly port: number;
  /** As the node reaches it. */
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** What `/readyz` says, `ok` when it is ready. */
  readonly readiness: () => Promise<string>;
  /** What is at a path of the monitoring port. */
  readonly get: (path: string) => Promise<{ readonly status: number; readonly text: string }>;
  /** The value of a series such as `leader`. */
  readonly metric: (series: string) => Promise<number | undefined>;
  readonly onLine: (hear: (line: LogLine) => void) => void;
  readonly end: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
}

export type ReplicaOptions = Pick<
  ServeOptions,
  'certificate' | 'cluster' | 'election' | 'policyFile' | 'policyFallback' | 'policyConfigMap' | 'scan' | 'events'
> & { readonly port?: number };

export async function startReplica(given: ReplicaOptions): Promise<Replica> {
  const options: ServeOptions = {
    host: '::',
    monitoringPort: 0,
    logLevel: 'info',
    shutdownDelaySeconds: 0,
    ...given,
    port: given.port ?? 0,
  };
  const child = spawn(process.execPath, [main, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithTests);
  child.once('exit', () => process.off('exit', killWithTests));
  const lines: LogLine[] = [];
  const hearers: ((line: LogLine) => void)[] = [];
  const complaints = text(child.stderr);
  const { admission, monitoring } = await new Promise<{ admission: string; monitoring: string }>((resolve, reject) => {
    child.on('close', (code) => {
      complaints.then((said) => reject(new Error(`the replica ended with ${code}: ${said}`)), reject);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as LogLine & { admission: string; monitoring: string };
      lines.push(entry);
      for (const hear of hearers) hear(entry);
      if (entry.msg === 'serving') resolve(entry);
    });
  });
  const port = Number(new URL(admission).port);
  const get: Replica['get'] = async (path) => {
    const response = await fetch(`${monitoring}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const ask = async (path: string): Promise<string> => (await get(path)).text;
  return {
    port,
    url: `https://${hostName}:${port}`,
    lines,
    get,
    readiness: async () => (await ask('/readyz')).trim(),
    metric: async (series) => {
      const line = (await ask('/metrics')).split('\n').find((line) => line.startsWith(`podwright_${series} `));
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
    },
    onLine: (hear) => hearers.push(hear),
    end: (signal) => end(child, signal),
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
