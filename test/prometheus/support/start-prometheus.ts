import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running Prometheus. */
export interface StartedPrometheus {
  readonly port: number;
  stop(): Promise<void>;
}

/** What it knows, and how it is reached. */
export interface PrometheusSetup {
  /** In the OpenMetrics format with times; becomes its stored data. */
  readonly stored?: string;
  /** The content of its configuration file. */
  readonly config?: object;
  /** The content of its web configuration file: TLS and authentication. */
  readonly web?: object;
  readonly flags?: readonly string[];
}

/** Starts a Prometheus on 127.0.0.1, and waits until it listens. */
export async function startPrometheus({
  stored,
  config = {},
  web,
  flags = [],
}: PrometheusSetup): Promise<StartedPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-prometheus-'));
  const written = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const data = join(folder, 'data');
  if (stored !== undefined)
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', written('stored', stored), data], {
      stdio: 'pipe',
    });
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${written('prometheus.yml', JSON.stringify(config))}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=1y',
      `--web.listen-address=127.0.0.1:${port}`,
      ...(web === undefined ? [] : [`--web.config.file=${written('web.yml', JSON.stringify(web))}`]),
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  while (!log.includes('Server is ready to receive web requests')) {
    if (child.exitCode !== null) throw new Error(`prometheus ended: ${log}`);
    await sleep(50);
  }
  return {
    port,
    async stop() {
      child.kill();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
