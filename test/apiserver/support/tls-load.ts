import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Installation, quick } from './installation.ts';
import { pod } from './podwright.ts';
import { hostName } from './server-process.ts';

/** What failed of everything that was tried. */
export interface Load {
  readonly tried: number;
  readonly failures: readonly string[];
}

/**
 * Opens new TLS connections to all ports as fast as a busy API server would, trusting what the caBundle held a moment
 * ago, and has the API server itself call with Pods, until it is stopped. Trust that is older than a leader waits
 * proves nothing: only a machine that is too busy to read the caBundle has it.
 */
export function startLoad({ kubectl, bundles }: Installation, ports: readonly number[]) {
  const failures: string[] = [];
  let tried = 0;
  let isOver = false;
  let trusted = { ca: '', askedAt: 0 };
  async function follow(): Promise<void> {
    while (!isOver) {
      const askedAt = Date.now();
      const [ca = ''] = await bundles();
      trusted = { ca, askedAt };
      await sleep(200);
    }
  }
  async function handshakes(port: number): Promise<void> {
    while (!isOver) {
      const { ca, askedAt } = trusted;
      if (ca !== '') {
        tried++;
        await handshake(port, ca).catch((error: Error) => {
          if (Date.now() - askedAt < quick.waitMs) failures.push(error.message);
        });
      }
      await sleep(10);
    }
  }
  async function creations(): Promise<void> {
    while (!isOver) {
      tried++;
      const { code, stderr } = await kubectl.send(pod(`load-${tried}`), 'create', '--dry-run=server', '-f', '-');
      if (code !== 0) failures.push(stderr);
    }
  }
  const all = Promise.all([follow(), creations(), ...ports.map(handshakes)]);
  return {
    async stop(): Promise<Load> {
      isOver = true;
      await all;
      return { tried, failures };
    },
  };
}

/** One request on a connection of its own. */
function handshake(port: number, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, servername: hostName, ca, agent: false, path: '/' }, (answer) => {
      answer.resume();
      answer.on('end', resolve);
    })
      .on('error', reject)
      .end();
  });
}
