import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

/** The only address that load is ever sent to. */
const host = '127.0.0.1';
const maxRequests = 200_000;

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
}

/** Sends the body over keep-alive TLS connections, the next as soon as the last is answered, for a bounded time. */
export async function applyLoad(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + load.milliseconds;
  await Promise.all(Array.from({ length: load.connections }, () => keepAsking(load, end, latencies)));
  return { perSecond: latencies.length / ((performance.now() - start) / 1000), latencies };
}

async function keepAsking({ port, path, body }: Load, end: number, latencies: number[]): Promise<void> {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Type: application/json\r\n`;
  const request = Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  let socket = await open(port);
  while (performance.now() < end && latencies.length < maxRequests) {
    const sent = performance.now();
    const { answer, closes } = await ask(socket, request);
    latencies.push(performance.now() - sent);
    if (!answer.includes('"allowed":true')) throw new Error(`not allowed: ${answer.slice(0, 500)}`);
    if (!closes) continue;
    socket.destroy();
    socket = await open(port);
  }
  socket.destroy();
}

async function open(port: number): Promise<TLSSocket> {
  const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
  await once(socket, 'secureConnect');
  return socket.setNoDelay(true);
}

/** One request and its whole answer, whose end its `Content-Length` tells. */
function ask(socket: TLSSocket, request: Buffer): Promise<{ answer: string; closes: boolean }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const finish = (settle: () => void): void => {
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
      settle();
    };
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('close', () => finish(() => reject(new Error('closed before the answer was complete'))));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1]);
      if (text.length < headEnd + 4 + length) return;
      const closes = /^connection: close/im.test(text.slice(0, headEnd));
      finish(() => resolve({ answer: text, closes }));
    });
    socket.write(request);
  });
}
