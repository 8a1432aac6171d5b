import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from './installation.ts';
import { pod } from './podwright.ts';
import { hostName } from './server-process.ts';

/** What failed of everything that was tried. */
export interface Load {
  readonly tried: number;
  readonly failures: readonly string[];
}

/**
 * Opens new TLS connections to all ports as fast as a busy API server would, trusting what the caBundle held a moment
 * ago, and has the API server itself call with Pods, until it is stopped.
 */
export function startLoad({ kubectl, bundles }: Installation, ports: readonly number[]) {
  const failures: string[] = [];
  let tried = 0;
  let isOver = false;
  let ca = '';
  async function follow(): Promise<void> {
    while (!isOver) {
      [ca = ''] = await bundles();
      await sleep(200);
    }
  }
  async function handshakes(port: number): Promise<void> {
    while (!isOver) {
      if (ca !== '') {
        tried++;
        await handshake(port, ca).catch((error: Error) => failures.push(error.message));
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
