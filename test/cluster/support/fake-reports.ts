import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTlsApi } from './tls-api.ts';

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
  const fake: Omit<FakeReports, 'kubeconfig'> = {
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

  const kubeconfig = await startTlsApi((request, response) => {
    waiting++;
    most = Math.max(most, waiting);
    response.on('close', () => waiting--);
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  return Object.assign(fake, { kubeconfig });
}

/** As the API server words it: the details name the object. */
export function refusal(status: number, name?: string, causes?: readonly object[]) {
  const details = { ...(name !== undefined && { name }), ...(causes && { causes }) };
  return {
    status,
    body: { kind: 'Status', status: 'Failure', code: status, message: `refused with ${status}`, details },
  };
}
