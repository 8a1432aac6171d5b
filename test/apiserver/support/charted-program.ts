import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import { only, render } from '../../chart/support/helm.ts';
import { kubeconfigWith } from './installation.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from './kubectl.ts';
import { until } from './until.ts';

/** The namespace that charts are rendered for in tests. */
const home = 'podwright-system';

export const main = join(import.meta.dirname, '../../../src/main.ts');

interface LogLine {
  readonly level: string;
  readonly event?: string;
  readonly msg: string;
  readonly admission?: string;
  readonly unreadable?: readonly object[];
}

/** The program beside the cluster, with the flags and only the permissions that the chart gives it. */
export interface ChartedProgram {
  readonly kubectl: Kubectl;
  readonly lines: readonly LogLine[];
  /** The path of a kubeconfig for a ServiceAccount of the release. */
  readonly kubeconfigOf: (serviceAccount: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Installs everything but Pods and starts the program. */
export async function startCharted(values: object): Promise<ChartedProgram> {
  const objects = render(values).filter(({ kind }) => kind !== 'Deployment' && kind !== 'Pod');
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const kubectl = await kubectlIn(home);
  await wanted(kubectl.send(list, 'apply', '-f', '-'));
  const folder = await mkdtemp(join(tmpdir(), 'podwright-'));
  const policy = join(folder, 'policy.yaml');
  await writeFile(policy, only<V1ConfigMap>(objects, 'ConfigMap', 'podwright-policy').data?.['policy.yaml'] ?? '');
  async function kubeconfigOf(serviceAccount: string): Promise<string> {
    const { stdout: token } = await wanted(kubectl('create', 'token', serviceAccount));
    const file = join(folder, serviceAccount);
    await writeFile(file, kubeconfigWith(token.trim()));
    return file;
  }
  const flags = flagsOf(values, [`--kubeconfig=${await kubeconfigOf('podwright')}`, `--policy=${policy}`]);
  const program = spawn(execPath, [main, ...flags], {
    env: { ...env, POD_NAMESPACE: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: LogLine[] = [];
  createInterface({ input: program.stdout }).on('line', (line) => lines.push(JSON.parse(line) as LogLine));
  await until('the server', async () => lines.some(({ msg }) => msg === 'serving'));
  return {
    kubectl,
    lines,
    kubeconfigOf,
    async remove() {
      program.kill('SIGKILL');
      await rm(folder, { recursive: true });
      await wanted(kubectl.send(list, 'delete', '--ignore-not-found', '-f', '-'));
      await wanted(inNode(['kubectl', 'delete', 'namespace', home]));
    },
  };
}

/** What the chart tells the program, but for what is not in a Pod here. */
function flagsOf(values: object, more: readonly string[]): string[] {
  const { spec } = only<V1Deployment>(render(values), 'Deployment');
  const args = spec?.template.spec?.containers[0]?.args ?? [];
  const elsewhere = /^--(in-cluster|policy|policy-fallback|port|monitoring-port|shutdown-delay)(=|$)/;
  return [
    ...args.filter((arg) => !elsewhere.test(arg)),
    ...more,
    '--port=0',
    '--monitoring-port=0',
    '--certificate-wait=1',
  ];
}
