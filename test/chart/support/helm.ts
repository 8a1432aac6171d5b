import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readYaml } from '../../../src/yaml/read.ts';

/** The part of a rendered object that tests find it by. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export const chart = join(import.meta.dirname, '../../../charts/podwright');

/** Helm 4, and Helm 3 where there is a `helm3`. */
export const helms: readonly string[] = ['helm', 'helm3'].filter((name) => runs(name));

/** What Helm makes of the chart with these values. */
export function render(
  values: object = {},
  { helm = 'helm', kubeVersion = '1.36.0', apiVersions = [] as readonly string[] } = {},
): readonly Rendered[] {
  const { stdout, stderr, status } = template(values, { helm, kubeVersion, apiVersions });
  if (status !== 0) throw new Error(stderr);
  return readYaml(stdout).documents.map(({ value }) => value as Rendered);
}

/** Why Helm refuses the values. */
export function refusal(values: object, helm = 'helm'): string {
  const { stderr, status } = template(values, { helm, kubeVersion: '1.36.0' });
  if (status === 0) throw new Error('the values are accepted');
  return stderr;
}

/** The text of all that is rendered. */
export function renderText(values: object = {}): string {
  return template(values, { helm: 'helm', kubeVersion: '1.36.0' }).stdout;
}

/** The one object of a kind, or of a kind and a name. */
export function only<T = Rendered>(objects: readonly Rendered[], kind: string, name?: string): T {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return found[0] as T;
}

/** Runs Helm, whatever comes of it. */
export function run(helm: string, args: readonly string[], input = '') {
  return spawnSync(helm, args, { encoding: 'utf8', input });
}

interface Rendering {
  readonly helm: string;
  readonly kubeVersion: string;
  /** What the cluster serves besides the built-in kinds. */
  readonly apiVersions?: readonly string[];
}

function template(values: object, { helm, kubeVersion, apiVersions = [] }: Rendering) {
  const flags = [
    '--namespace',
    'podwright-system',
    '--kube-version',
    kubeVersion,
    '--values',
    '-',
    ...apiVersions.flatMap((version) => ['--api-versions', version]),
  ];
  return run(helm, ['template', 'podwright', chart, ...flags], JSON.stringify(values));
}

function runs(name: string): boolean {
  return spawnSync(name, ['version'], { stdio: 'ignore' }).status === 0;
}
