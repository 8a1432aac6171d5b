import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { V1Deployment } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helms, only, render } from '../chart/support/helm.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { kubeconfigWith } from './support/installation.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { deployment } from './support/podwright.ts';
import { until } from './support/until.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const definitions = (): string => definitionsOf('openreports.io_reports', 'argoproj.io_rollouts');

// the namespace that charts are rendered for in tests
const home = 'podwright-system';
const values = { reports: { enabled: true }, logLevel: 'info' };

interface LogLine {
  readonly level: string;
  readonly event?: string;
  readonly msg: string;
  readonly unreadable?: readonly object[];
}

describe.skipIf(helms.length === 0 || !hasDefinitions)('with only the permissions of the chart', () => {
  const lines: LogLine[] = [];
  const objects = render(values).filter(({ kind }) => kind !== 'Deployment' && kind !== 'Pod');
  let kubectl: Kubectl;
  let folder: string;
  let program: ChildProcess;

  beforeAll(async () => {
    kubectl = await kubectlIn(home);
    const apart = await kubectlIn('rights');
    await wanted(inNode(['kubectl', 'create', '-f', '-'], definitions()));
    await wanted(inNode(['kubectl', 'wait', '--for=condition=Established', '--timeout=60s', '-f', '-'], definitions()));
    await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items: objects }, 'apply', '-f', '-'));
    await wanted(apart.send(deployment('web', 0), 'create', '-f', '-'));
    folder = await mkdtemp(join(tmpdir(), 'podwright-'));
    const { stdout: token } = await wanted(kubectl('create', 'token', 'podwright'));
    await writeFile(join(folder, 'kubeconfig'), kubeconfigWith(token.trim()));
    await writeFile(
      join(folder, 'policy.yaml'),
      only<{ data: Record<string, string> }>(objects, 'ConfigMap', 'podwright-policy').data['policy.yaml'] ?? '',
    );
    program = spawn(execPath, [main, ...flags()], {
      env: { ...env, POD_NAMESPACE: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (program.stdout !== null)
      createInterface({ input: program.stdout }).on('line', (line) => lines.push(JSON.parse(line) as LogLine));
  });
  afterAll(async () => {
    program?.kill('SIGKILL');
    await rm(folder, { recursive: true });
    await wanted(
      kubectl.send({ apiVersion: 'v1', kind: 'List', items: objects }, 'delete', '--ignore-not-found', '-f', '-'),
    );
    await wanted(inNode(['kubectl', 'delete', '-f', '-'], definitions()));
    await wanted(inNode(['kubectl', 'delete', 'namespace', home, 'rights']));
  });

  /** What the chart tells the program, but for what is not in a Pod here. */
  function flags(): string[] {
    const { spec } = only<V1Deployment>(render(values), 'Deployment');
    const args = spec?.template.spec?.containers[0]?.args ?? [];
    const elsewhere = /^--(in-cluster|policy|policy-fallback|port|monitoring-port|shutdown-delay)(=|$)/;
    return [
      ...args.filter((arg) => !elsewhere.test(arg)),
      `--kubeconfig=${join(folder, 'kubeconfig')}`,
      `--policy=${join(folder, 'policy.yaml')}`,
      '--port=0',
      '--monitoring-port=0',
      '--certificate-wait=1',
    ];
  }

  test('the program watches namespaces, leads, creates its certificate, scans all kinds and reports', async () => {
    await until('a scan', async () => lines.some(({ event }) => event === 'scan'), 60);
    expect(lines.find(({ event }) => event === 'scan')).toMatchObject({
      msg: 'scanned the cluster',
      unreadable: [],
    });
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    const { items } = await kubectl.get<{ items: readonly { scope: object }[] }>(
      'reports.openreports.io',
      '--namespace=rights',
    );
    expect(items.map(({ scope }) => scope)).toMatchObject([{ kind: 'Deployment', name: 'web' }]);
    const { data } = await kubectl.get<{ data: object }>('secret/podwright-certificate');
    expect(Object.keys(data)).toContain('tls.crt');
  });
});
