import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { openNamespaceCache } from '../../../src/cluster/namespaces/index.ts';

/**
 * Runs apart from the API server of the test, with `--expose-gc`: prints what the cache takes and how late it is. The
 * label `at` of a namespace says when it was written, in milliseconds since 1970.
 */
const [kubeconfig = '', churnMs = '0'] = process.argv.slice(2);

function heapUsed(): number {
  for (let times = 0; times < 3; times += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const client = openApiClient({ kubeconfig });
await client.get('/api/v1/limitranges');
const before = heapUsed();
const metrics = { restarted: () => undefined, heard: () => undefined };
const cache = openNamespaceCache({ client, metrics, log: pino({ level: 'silent' }) });
while (!cache.isReady) await sleep(10);
const listed = heapUsed() - before;
console.log('listed');

const seen = new Map<string, string | undefined>();
const late: number[] = [];
const end = performance.now() + Number(churnMs);
while (performance.now() < end) {
  for (const name of cache.names()) {
    const { at } = cache.labelsOf(name) ?? {};
    if (at !== undefined && at !== seen.get(name)) late.push(Date.now() - Number(at));
    if (at !== undefined) seen.set(name, at);
  }
  await sleep(5);
}
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 10) / 2 ** 10;
console.log(
  JSON.stringify({
    namespaces: [...cache.names()].length,
    listedMiB: mebibytes(listed),
    churnedMiB: mebibytes(heapUsed() - before),
    changes: late.length,
    latestMs: Math.max(...late),
  }),
);
cache.close();
