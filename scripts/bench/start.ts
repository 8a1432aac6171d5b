import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program, residentMib, startPodwright, stop, timeCommands } from './processes.ts';
import { median } from './statistics.ts';

const serverStarts = 9;
const commandRuns = 25;
const idleMs = 3_000;

export interface Start {
  /** Milliseconds from the call to ready, and MiB once idle. */
  readonly readyMs: number;
  readonly idleMib: number;
  /** Milliseconds of `podwright audit` of one small file, and of a Node.js that does nothing. */
  readonly auditMs: number;
  readonly nodeMs: number;
}

/** The time until the program is ready, and its cost while it is idle. */
export async function measureStart(): Promise<Start> {
  const readyMs: number[] = [];
  const idleMib: number[] = [];
  for (let round = 0; round < serverStarts; round++) {
    const server = await startPodwright(21100);
    readyMs.push(server.readyMs);
    if (round < 3) {
      await sleep(idleMs);
      idleMib.push(residentMib(server));
    }
    await stop(server);
  }
  const { auditMs, nodeMs } = await measureAudit();
  return { readyMs: median(readyMs), idleMib: median(idleMib), auditMs, nodeMs };
}

async function measureAudit(): Promise<{ auditMs: number; nodeMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'podwright-bench-'));
  const file = join(folder, 'small.yaml');
  await writeFile(
    file,
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n  - { name: app, image: "app:1.0" }\n',
  );
  const [audit = [], node = []] = timeCommands(
    [
      [program, 'audit', file],
      ['-e', '0'],
    ],
    commandRuns,
  );
  await rm(folder, { recursive: true });
  return { auditMs: median(audit), nodeMs: median(node) };
}
