import { Agent } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { goodPod, reviewText } from './support.ts';

// A namespace that every cluster has, so that it is not waited for.
const body = reviewText(goodPod, { namespace: 'default' });
const header = `POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

/** A connection of somebody who wants to keep others out. */
export interface Stranger {
  readonly socket: Socket;
  /** Whether the server has closed it. */
  readonly isClosed: boolean;
}

/** Strangers at one address of the machine, which leave when the test is over. */
export interface Crowd {
  /** Connects and sends nothing. */
  readonly silent: () => Promise<Stranger>;
  /** Sends a header and the first byte of its body. */
  readonly halfBody: () => Promise<Stranger>;
  /** Has one review answered and idles. */
  readonly squatter: () => Promise<Stranger>;
}

export function crowdAt(localAddress: string, { port, ca }: { readonly port: number; readonly ca: string }): Crowd {
  const options = { port, host: '127.0.0.1', localAddress };
  const keep = (socket: Socket): Stranger => {
    onTestFinished(() => void socket.destroy());
    const stranger = { socket, isClosed: false };
    socket.on('error', () => undefined);
    socket.on('close', () => (stranger.isClosed = true));
    return stranger;
  };
  const encrypted = () => keep(connectTls({ ...options, ca, servername: 'localhost' }));
  return {
    async silent() {
      const stranger = keep(connectTcp(options));
      await happened(stranger, 'connect');
      return stranger;
    },
    async halfBody() {
      const stranger = encrypted();
      await happened(stranger, 'secureConnect');
      stranger.socket.write(`${header}{`);
      return stranger;
    },
    async squatter() {
      const stranger = encrypted();
      stranger.socket.write(`${header}${body}`);
      await happened(stranger, 'data');
      return stranger;
    },
  };
}

/** Does it so many times, some at once. */
export async function many<T>(times: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let begun = 0;
  async function worker(): Promise<void> {
    while (begun++ < times) results.push(await act());
  }
  await Promise.all(Array.from({ length: 20 }, worker));
  return results;
}

/** An agent that calls from the address, over a new connection for each call or over connections that it keeps. */
export function agentAt(localAddress: string, ca: string, keepAlive: boolean): Agent {
  const agent = new Agent({ localAddress, keepAlive, ca, maxFreeSockets: 25 });
  onTestFinished(() => agent.destroy());
  return agent;
}

/** Resolves with the event, or when the server closes the connection instead. */
const happened = ({ socket }: Stranger, event: string): Promise<void> =>
  new Promise((resolve) => {
    socket.once(event, () => resolve());
    socket.once('close', () => resolve());
  });
