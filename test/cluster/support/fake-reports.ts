import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { testCertificate, testFolder } from '../../server/support.ts';

export interface FakeReport {
  metadata: {
    namespace: string;
    name: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  results?: readonly object[];
}

interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the `Status`; text where something in between answers. */
  readonly body?: object | string;
}

/** The part of an API server that Reports are kept in, over real HTTPS. */
export interface FakeReports {
  readonly kubeconfig: string;
  /** By `namespace/name`. */
  readonly reports: Map<string, FakeReport>;
  /** `PUT shop/web` for each write, and `LIST` for each page. */
  readonly requests: string[];
  /** The most requests that waited for their answers at a time. */
  readonly mostAtOnce: () => number;
  /** Refuses what it answers for; asked before everything else. */
  refuse: (request: string) => Refusal | undefined;
  /** How long a write takes. */
  delayMs: number;
}

const path = /^\/apis\/openreports\.io\/v1alpha1(?:\/namespaces\/([^/]+))?\/reports(?:\/([^/?]+))?(?:\?(.*))?$/;
const pageSize = 2;

export async function startFakeReports(): Promise<FakeReports> {
  let version = 1;
  let waiting = 0;
  let most = 0;
  const fake: FakeReports = {
    kubeconfig: join(testFolder(), 'kubeconfig'),
    reports: new Map(),
    requests: [],
    mostAtOnce: () => most,
    refuse: () => undefined,
    delayMs: 0,
  };
  const { reports } = fake;

  function listed(query: URLSearchParams) {
    const [label = '', value = ''] = (query.get('labelSelector') ?? '').split('=');
    const found = [...reports.values()].filter(({ metadata }) => metadata.labels?.[label] === value);
    const start = Number(query.get('continue') ?? 0);
    const next = start + pageSize < found.length ? String(start + pageSize) : '';
    const items = found.slice(start, start + pageSize).map(({ metadata }) => ({ metadata }));
    // The API server has null in a list of metadata that is empty.
    return { status: 200, body: { metadata: { continue: next }, items: items.length === 0 ? null : items } };
  }

  function stored(key: string, report: FakeReport, status: number) {
    const [namespace = '', name = ''] = key.split('/');
    const uid = reports.get(key)?.metadata.uid ?? `uid-${version}`;
    const metadata = { ...report.metadata, namespace, name, uid, resourceVersion: String(version++) };
    reports.set(key, { ...report, metadata });
    return { status, body: reports.get(key) };
  }

  function answerTo(method: string, key: string, body: unknown) {
    const there = reports.get(key);
    const name = key.split('/')[1];
    if (method === 'POST') return there ? refusal(409, name) : stored(key, body as FakeReport, 201);
    if (there === undefined) return refusal(404, name);
    if (method === 'GET') return { status: 200, body: there };
    if (method === 'PUT') {
      const report = body as FakeReport;
      const isCurrent = report.metadata.resourceVersion === there.metadata.resourceVersion;
      return isCurrent ? stored(key, report, 200) : refusal(409, name);
    }
    const { preconditions } = body as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== there.metadata.uid) return refusal(409, name);
    reports.delete(key);
    return { status: 200, body: {} };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = method === 'GET' ? undefined : await json(request);
    const [, namespace, inPath, query = ''] = path.exec(url) ?? [];
    const name = inPath ?? (body as Partial<FakeReport> | undefined)?.metadata?.name;
    const asked = namespace === undefined ? 'LIST' : `${method} ${namespace}/${name}`;
    fake.requests.push(asked);
    const refused = fake.refuse(asked);
    if (asked !== 'LIST') await sleep(fake.delayMs);
    const usual = () =>
      asked === 'LIST' ? listed(new URLSearchParams(query)) : answerTo(method, `${namespace}/${name}`, body);
    const { status, headers, body: answer } = { headers: {}, body: {}, ...(refused ?? usual()) };
    const isText = typeof answer === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
    response.end(isText ? answer : JSON.stringify(answer));
  }

  const { cert, key, ca } = await testCertificate();
  const server = createServer({ cert, key }, (request, response) => {
    waiting++;
    most = Math.max(most, waiting);
    response.on('close', () => waiting--);
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    fake.kubeconfig,
    JSON.stringify({
      clusters: [
        {
          name: 'c',
          cluster: {
            server: `https://127.0.0.1:${port}`,
            'certificate-authority-data': Buffer.from(ca).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  return fake;
}

/** As the API server words it: the details name the object. */
export function refusal(status: number, name?: string, causes?: readonly object[]) {
  const details = { ...(name !== undefined && { name }), ...(causes && { causes }) };
  return {
    status,
    body: { kind: 'Status', status: 'Failure', code: status, message: `refused with ${status}`, details },
  };
}
