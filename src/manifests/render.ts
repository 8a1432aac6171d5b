import { execFile } from 'node:child_process';
import path from 'node:path';

/** The output of a program, or why there is none. */
export type Rendered = { readonly text: string } | { readonly problem: string } | { readonly isMissing: true };

/** Longer than a large chart takes; aborts a kustomization whose remote base does not respond. */
const maxMs = 60_000;

const maxBytes = 256 * 1024 * 1024;

/** Renders a kustomization with `kustomize`, or with the one in `kubectl`. */
export async function renderKustomization(folder: string): Promise<Rendered> {
  const args = ['--load-restrictor', 'LoadRestrictionsNone', asArgument(folder)];
  const rendered = await run('kustomize', ['build', ...args]);
  return 'isMissing' in rendered ? run('kubectl', ['kustomize', ...args]) : rendered;
}

/** How a chart is rendered. */
export interface ChartOptions {
  /** Values files, in addition to the chart's own values. */
  readonly values?: readonly string[];
  /** The namespace of the release; Helm's default is `default`. */
  readonly namespace?: string;
  /** The minor version of the cluster; Helm's default is its own. */
  readonly kubernetesVersion?: number;
}

/** Renders a chart with `helm`, as a release named after its directory, without tests. */
export function renderChart(
  folder: string,
  { values = [], namespace, kubernetesVersion }: ChartOptions,
): Promise<Rendered> {
  const name = path.basename(path.resolve(folder)).replaceAll(/[^a-z\d-]/g, '-');
  return run('helm', [
    'template',
    name,
    asArgument(folder),
    '--skip-tests',
    ...values.flatMap((file) => ['--values', file]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    ...(kubernetesVersion === undefined ? [] : ['--kube-version', `1.${kubernetesVersion}`]),
  ]);
}

/** Keeps a name that starts with a dash from being taken for an option. */
const asArgument = (folder: string): string => (path.isAbsolute(folder) ? folder : `./${folder}`);

function run(program: string, args: readonly string[]): Promise<Rendered> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { timeout: maxMs, killSignal: 'SIGKILL', maxBuffer: maxBytes },
      (error, stdout, stderr) => {
        if (error === null) resolve({ text: stdout });
        else if (error.code === 'ENOENT') resolve({ isMissing: true });
        else if (error.killed === true) resolve({ problem: `${program} did not end within ${maxMs / 1000} s` });
        else resolve({ problem: firstLineOf(stderr) || error.message });
      },
    );
    child.stdin?.end();
  });
}

const firstLineOf = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.replace(/^[Ee]rror: /, '')
    .slice(0, 300) ?? '';
