import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { testFolder } from '../../server/support.ts';
import type { FakeCollection } from './fake-collection.ts';
import { answerList, statusOf } from './fake-list.ts';
import { type FakeWatches, openWatches } from './fake-watches.ts';

/** A request as it arrived. */
export interface FakeRequest {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly isWatch: boolean;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The other end of its connection. */
  readonly port: number | undefined;
}

/** What is answered in place of the usual; nothing at all for `silence`. */
export type FakeAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'silence'
  | 'cut';

/** An API server without authentication, and without objects but those that it is given. */
export interface FakeApi {
  /** Its address. */
  readonly server: string;
  /** Path of a kubeconfig for it. */
  readonly kubeconfig: string;
  readonly requests: readonly FakeRequest[];
  readonly watches: FakeWatches;
  /** Adds, or replaces, what is at a path. */
  serve(path: string, collection: FakeCollection): void;
  /** Answers requests in place of the collections; undefined leaves a request to them. Async answers are slow ones. */
  interfere(
    answer: ((request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>) | undefined,
  ): void;
}

/** Starts one for the running test. */
export async function startFakeApi(collections: Readonly<Record<string, FakeCollection>> = {}): Promise<FakeApi> {
  const served = new Map(Object.entries(collections));
  const requests: FakeRequest[] = [];
  const watches = openWatches();
  let interference: Parameters<FakeApi['interfere']>[0];
  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await received(incoming);
    requests.push(request);
    const answer = await interference?.(request);
    if (answer === 'silence') return;
    if (answer === 'cut') return void incoming.socket.destroy();
    const collection = served.get(request.path);
    if (answer !== undefined) send(response, answer.status, answer.body, answer.headers);
    else if (collection === undefined) send(response, 404, statusOf(404, `${request.path} not found`));
    else if (request.isWatch) watches.open(request, response, collection);
    else answerList(request, response, collection);
  }
  const server = createServer((incoming, response) => void respond(incoming, response)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  return {
    server: address,
    kubeconfig: writeKubeconfig(address),
    requests,
    watches,
    serve: (path, collection) => void served.set(path, collection),
    interfere(answer) {
      interference = answer;
    },
  };
}

/** Without a `ca` TLS is not verified: only then does the client allow plain HTTP. */
export function writeKubeconfig(
  server: string,
  { user = {}, ca, path = join(testFolder(), 'kubeconfig') }: { user?: object; ca?: string; path?: string } = {},
): string {
  const trust =
    ca === undefined
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...trust } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function received(incoming: IncomingMessage): Promise<FakeRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://fake');
  return {
    at: performance.now(),
    method: incoming.method ?? '',
    path: pathname,
    query: searchParams,
    isWatch: searchParams.get('watch') === 'true',
    headers: incoming.headers,
    body: await text(incoming),
    port: incoming.socket.remotePort,
  };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body ?? statusOf(status, `the fake answers ${status}`)));
}
