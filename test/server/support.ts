import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { decide } from '../../src/admission/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { Mode } from '../../src/engine/rule.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import { readTeamExemptions } from '../../src/policy/team-exemptions.ts';
import { rules } from '../../src/rules/index.ts';
import { makeSelfSigned, type SelfSigned } from '../../src/server/certificate/self-signed.ts';
import { createLog, type LogLevel } from '../../src/server/monitoring/log.ts';
import { createMetrics } from '../../src/server/monitoring/metrics.ts';
import { type AppDependencies, buildApp } from '../../src/server/webhook/app.ts';
import { openPolicy } from '../support/policies.ts';

const ruleIds = ['no-host-network', 'require-cpu-request'];

/** Two rules, `enforce` by themselves, without fixes. */
export function policyOf(mode: Mode): Policy {
  const chosen = rules.filter(({ id }) => ruleIds.includes(id));
  return {
    ...openPolicy,
    hash: `hash-of-${mode}`,
    mode,
    existing: 'enforce',
    rules: chosen.map((rule) => ({
      rule,
      mode: 'enforce',
      fix: false,
      options: Object.fromEntries(Object.entries(rule.options).map(([name, schema]) => [name, schema.default])),
    })),
  };
}

let made: Promise<SelfSigned> | undefined;
export const testCertificate = (): Promise<SelfSigned> => (made ??= makeSelfSigned([], new Date()));

/** A log that keeps its lines. */
export function keptLog(level: LogLevel = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const log = createLog(level, { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  return { log, lines };
}

export function testMetrics({ maxNamespaces = 0 } = {}) {
  const metrics = createMetrics({ version: '0.0.0', ruleIds, maxNamespaces });
  onTestFinished(() => metrics.close());
  /** The value of a series as it is written in the exposition, `name{label="value"}`. */
  async function valueOf(series: string): Promise<number | undefined> {
    const text = await metrics.registry.metrics();
    const line = text.split('\n').find((line) => line.startsWith(`podwright_${series} `));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
  }
  return { metrics, valueOf };
}

/** The app on a real TLS port until the test is over. */
export async function startApp(options: Partial<AppDependencies> & { mode?: Mode } = {}) {
  const { log, lines } = keptLog();
  const { metrics, valueOf } = testMetrics();
  const tls = await testCertificate();
  const policy = policyOf(options.mode ?? 'enforce');
  const app = buildApp({
    decide,
    load: (text) => loadPolicy(text, rules),
    readExemptions: (text) => readTeamExemptions(text, rules),
    world: { at: () => ({ policy, minor: 36 }), settled: () => undefined },
    metrics,
    log,
    tls,
    ...options,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  const client = testClient(port, tls.ca);
  return { app, port, ca: tls.ca, client, lines, valueOf, metrics };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly certificate: PeerCertificate;
  readonly isReused: boolean;
}

/** A client that keeps connections, as the API server does. */
export function testClient(port: number, ca: string) {
  const agent = new Agent({ keepAlive: true, ca, maxFreeSockets: 25 });
  onTestFinished(() => agent.destroy());
  return {
    agent,
    post: (path: string, body: string | Buffer, headers: OutgoingHttpHeaders = {}, through = agent): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const options = { method: 'POST', host: '127.0.0.1', port, path, agent: through, ca };
        const length = Buffer.byteLength(body);
        const outgoing = request(
          { ...options, headers: { 'content-type': 'application/json', 'content-length': length, ...headers } },
          (incoming) => {
            let text = '';
            const certificate = (incoming.socket as TLSSocket).getPeerCertificate();
            const isReused = outgoing.reusedSocket;
            incoming.setEncoding('utf8');
            incoming.on('data', (chunk: string) => (text += chunk));
            incoming.on('error', reject);
            incoming.on('end', () =>
              resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, certificate, isReused }),
            );
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
  };
}

/** A review as the API server writes it: the uid first, `<` escaped to six bytes. */
export function reviewText(pod: unknown, request: Record<string, unknown> = {}): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'uid-1',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: { username: 'ann', groups: ['developers'] },
      object: pod,
      dryRun: false,
      ...request,
    },
  }).replaceAll('<', '\\u003c');
}

export const goodPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    containers: [{ name: 'app', image: 'example.com/app:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
  },
};

export const badPod = { ...goodPod, spec: { ...goodPod.spec, hostNetwork: true } };

/** A folder of its own until the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits for something that happens beside the test, as long as the test may take. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  while (!isOver && !(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
