import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { reportOf } from '../../src/audit/policy-report.ts';
import { reportKinds } from '../../src/audit/report-kind.ts';
import { openApiClient } from '../../src/cluster/api/api-client.ts';
import { openReportSink, type ReportSink } from '../../src/cluster/reports/report-sink.ts';
import type { ReportWrite } from '../../src/cluster/reports/write-attempts.ts';
import { keptLog } from '../server/support.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { onlyRules } from '../support/policies.ts';
import { scanned } from '../support/scanned-subject.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment } from './support/podwright.ts';
import { until } from './support/until.ts';

const name = 'reports';
const policy = onlyRules(['no-host-network', 'no-shared-process-namespace']);
const { log, lines } = keptLog('info');
const written: ReportWrite[] = [];
let kubectl: Kubectl;
let folder: string;
let sink: ReportSink;

/** No more than what writing reports needs. */
const rights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      { apiGroups: ['openreports.io'], resources: ['reports'], verbs: ['get', 'list', 'create', 'update', 'delete'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: name }],
  },
];

interface StoredReport {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly ownerReferences: readonly object[];
  };
  readonly summary: object;
  readonly results: readonly { readonly rule: string }[];
}

const definitions = (verb: string, ...flags: string[]) =>
  wanted(inNode(['kubectl', verb, ...flags, '-f', '-'], definitionsOf('openreports.io_reports')));
const apply = (replicas: number, spec: object) =>
  wanted(kubectl.send(deployment('web', replicas, { spec }), 'apply', '-f', '-'));

async function reports(): Promise<readonly StoredReport[]> {
  const { items } = await kubectl.get<{ items: readonly StoredReport[] }>('reports.openreports.io');
  return items;
}

/** What a scan of the namespace writes. */
async function scan(isComplete = true): Promise<ReportWrite[]> {
  const { items } = await kubectl.get<{ items: readonly { metadata: { uid: string } }[] }>('deployments');
  written.length = 0;
  sink.begin();
  for (const item of items)
    await sink.write(scanned({ apiVersion: 'apps/v1', kind: 'Deployment', ...item }, policy, item.metadata.uid));
  await sink.end(isComplete);
  return [...written];
}

describe.skipIf(!hasDefinitions)('reports of openreports.io', () => {
  beforeAll(async () => {
    kubectl = await kubectlIn(name);
    await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items: rights }, 'apply', '-f', '-'));
    folder = await mkdtemp(join(tmpdir(), 'podwright-'));
    const kubeconfig = parse(inject('kubeconfig')) as { users: { user: object }[] };
    const { stdout: token } = await wanted(kubectl('create', 'token', 'default'));
    for (const entry of kubeconfig.users) entry.user = { token: token.trim() };
    const file = join(folder, 'kubeconfig');
    await writeFile(file, stringify(kubeconfig));
    const client = openApiClient({ kubeconfig: file });
    const metrics = { wrote: (result: ReportWrite) => void written.push(result) };
    sink = openReportSink({ client, kind: reportKinds.openreports, reportOf, metrics, log });
    await apply(0, { hostNetwork: true });
  });
  afterAll(async () => {
    await definitions('delete', '--ignore-not-found');
    const list = { apiVersion: 'v1', kind: 'List', items: rights };
    await wanted(kubectl.send(list, 'delete', '--ignore-not-found', '-f', '-'));
    await rm(folder, { recursive: true });
  });

  test('while they are not installed nothing is written; once they are, the next scan writes', async () => {
    expect(await scan()).toEqual([]);
    expect(await scan()).toEqual([]);
    expect(lines.map(({ msg }) => msg)).toEqual(['the openreports.io CRD is not installed; not writing reports']);
    await definitions('create');
    await definitions('wait', '--for=condition=Established', '--timeout=60s');
    await until('the kind to be served', async () => (await kubectl('get', 'reports.openreports.io')).code === 0);
    expect(await scan()).toEqual(['created']);
    const { uid } = (await kubectl.get<{ metadata: { uid: string } }>('deployment/web')).metadata;
    const [report] = await reports();
    expect(report).toMatchObject({
      metadata: {
        name: `podwright-${uid}`,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid }],
      },
      source: 'podwright',
      scope: { kind: 'Deployment', namespace: name, name: 'web', uid },
      summary: { fail: 1 },
      results: [{ rule: 'no-host-network', severity: 'high', result: 'fail' }],
    });
  });

  test('a scan that finds the same writes nothing', async () => {
    const before = await reports();
    expect(await scan()).toEqual([]);
    expect(await reports()).toEqual(before);
  });

  test('a changed report is replaced', async () => {
    await apply(0, { hostNetwork: true, shareProcessNamespace: true });
    expect(await scan()).toEqual(['updated']);
    const [report] = await reports();
    expect(report?.results.map(({ rule }) => rule)).toEqual(['no-host-network', 'no-shared-process-namespace']);
  });

  test('a Deployment that is repaired loses its report', async () => {
    await apply(0, {});
    expect(await scan()).toEqual(['deleted']);
    expect(await reports()).toEqual([]);
  });

  test('the report of a deleted Deployment is garbage-collected', async () => {
    await apply(0, { hostNetwork: true });
    expect(await scan()).toEqual(['created']);
    await wanted(kubectl('delete', 'deployment/web'));
    await until('the report to be collected', async () => (await reports()).length === 0, 90);
    expect(await scan()).toEqual([]);
  });

  test('a namespace that is going away is no failure', async () => {
    await apply(0, { hostNetwork: true });
    const held = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['podwright.dev/test'] },
    };
    await wanted(kubectl.send(held, 'create', '-f', '-'));
    const web = scanned(await kubectl.get<object>('deployment/web'), policy, 'of-nothing');
    await wanted(kubectl('delete', `namespace/${name}`, '--wait=false'));
    const isTerminating = async () =>
      (await kubectl('create', 'configmap', 'probe', '--dry-run=server')).stderr.includes('is being terminated');
    await until('the namespace to refuse', isTerminating);
    const said = lines.length;
    written.length = 0;
    sink.begin();
    await sink.write(web);
    await sink.end(false);
    expect([written, lines.slice(said)]).toEqual([[], []]);
    await wanted(kubectl('patch', 'configmap/held', '--type=merge', '--patch', '{"metadata":{"finalizers":null}}'));
  });
});
