import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../../src/engine/evaluate.ts';
import { newestMinor } from '../../src/engine/plan.ts';
import { applyPatch } from '../../src/patch/apply-patch.ts';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { rules } from '../../src/rules/index.ts';
import { makeSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { applyLoad } from './load.ts';
import { residentMib, type ServerProcess, startPodwright, startServer, stop } from './processes.ts';
import { admittedPod, reviewOfSize } from './sample-pod.ts';
import { median, quantile } from './statistics.ts';

export const connections = 16;
export const reviewBytes = 11_000;
const rounds = 6;
const roundMs = 1_500;
const semiSpaces = [4, 16, 64];

export interface Throughput {
  readonly name: string;
  /** Median of the rounds. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Resident memory of the server after the load, in MiB. */
  readonly rssMib: number;
}

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly server: ServerProcess;
}

/** Servers under the same load, in turns, so that other work of this machine affects all of them. */
export async function measureThroughput(): Promise<Throughput[]> {
  const folder = await mkdtemp(join(tmpdir(), 'podwright-bench-'));
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const pair = await makeSelfSigned([], new Date());
  await Promise.all([writeFile(cert, pair.cert), writeFile(key, pair.key)]);
  const contenders = await startContenders(cert, key);
  try {
    return await compete(contenders);
  } finally {
    await Promise.all([...new Set(contenders.map(({ server }) => server))].map(stop));
    await rm(folder, { recursive: true });
  }
}

async function startContenders(cert: string, key: string): Promise<Contender[]> {
  const bareScript = join(import.meta.dirname, 'bare-server.ts');
  const bare = await startServer([bareScript, '21000', cert, key], 'http://127.0.0.1:21001/readyz');
  const flags = ['--tls-cert', cert, '--tls-key', key];
  const plain = await startPodwright(21010, flags);
  const body = reviewOfSize(reviewBytes, admittedPod);
  const repaired = reviewOfSize(reviewBytes, repairedPod());
  const contenders: Contender[] = [
    { name: 'bare Fastify', port: 21000, path: '/', body, server: bare },
    { name: 'podwright /mutate', port: 21010, path: '/mutate', body, server: plain },
    { name: 'podwright /validate', port: 21010, path: '/validate', body: repaired, server: plain },
  ];
  for (const [index, mib] of semiSpaces.entries()) {
    const port = 21020 + 10 * index;
    const server = await startPodwright(port, flags, { NODE_OPTIONS: `--max-semi-space-size=${mib}` });
    contenders.push({ name: `podwright /mutate, semi-space ${mib} MiB`, port, path: '/mutate', body, server });
  }
  return contenders;
}

/** The Pod as validation gets it, after mutation. */
function repairedPod(): object {
  const { patch } = evaluate({ pod: admittedPod }, defaultPolicy(rules), { minor: newestMinor });
  return applyPatch(admittedPod, patch) as object;
}

async function compete(contenders: readonly Contender[]): Promise<Throughput[]> {
  const results = contenders.map(() => ({ perSecond: [] as number[], latencies: [] as number[] }));
  // the first round warms up and does not count
  for (let round = 0; round <= rounds; round++)
    for (const [index, { port, path, body }] of contenders.entries()) {
      const result = await applyLoad({ port, path, body, connections, milliseconds: roundMs });
      if (round === 0) continue;
      results[index]?.perSecond.push(result.perSecond);
      results[index]?.latencies.push(...result.latencies);
    }
  return contenders.map(({ name, server }, index) => {
    const { perSecond = [], latencies = [] } = results[index] ?? {};
    return {
      name,
      perSecond: median(perSecond),
      p50: median(latencies),
      p99: quantile(latencies, 0.99),
      rssMib: residentMib(server),
    };
  });
}
