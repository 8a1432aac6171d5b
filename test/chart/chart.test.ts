import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, test } from 'vitest';
import { version } from '../../src/version.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { chart, helms, type Rendered, render, renderText, run } from './support/helm.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const matrix = [
  {},
  { mode: false },
  { mode: 'enforce', policy: { extends: 'strict' }, hostNetwork: true, replicas: 1 },
  { certificates: { mode: 'cert-manager' }, fullnameOverride: 'other' },
  { certificates: { mode: 'existing-secret', existingSecret: { name: 'mine', caBundle: 'Q0E=' } } },
  { labels: { a: 'b' }, annotations: { c: 'd' }, podLabels: { e: 'f' }, nodeSelector: {}, priorityClassName: '' },
];

test('is of the version of the program', () => {
  const [document] = readYaml(readFileSync(join(chart, 'Chart.yaml'), 'utf8')).documents;
  expect(document?.value).toMatchObject({
    version,
    appVersion: version,
    kubeVersion: '>=1.28.0-0',
    annotations: { 'artifacthub.io/images': expect.stringContaining(`ghcr.io/podwright/podwright:${version}\n`) },
  });
});

describe.each(helms)('%s', (helm) => {
  test('has nothing to say against it', () => {
    const { stdout, status } = run(helm, ['lint', '--strict', '--quiet', '--kube-version', '1.36.0', chart]);
    expect([status, stdout]).toEqual([0, '']);
  });

  test.each(matrix)('renders %j as Helm 4 does', (values) => {
    // the order of kinds that Helm does not know is another
    const byName = (objects: readonly Rendered[]) =>
      new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
    const objects = render(values, { helm });
    expect(byName(objects)).toEqual(byName(render(values)));
    expect(byName(objects).size).toBe(objects.length);
  });

  test('refuses Kubernetes 1.27', () => {
    expect(() => render({}, { helm, kubeVersion: '1.27.9' })).toThrow(
      'chart requires kubeVersion: >=1.28.0-0 which is incompatible with Kubernetes v1.27.9',
    );
  });
});

describe.each(['pss-restricted', 'strict'])('under the preset %s', (preset) => {
  test.each(['self-managed', 'cert-manager'])('its own Pods have no finding: %s', (mode) => {
    const policy = `${chart}/../../test/chart/support/${preset}.yaml`;
    const values = { certificates: { mode } };
    const { stdout } = spawnSync(execPath, [main, 'audit', '--policy', policy, '--fail-on', 'audit', '-'], {
      encoding: 'utf8',
      input: renderText(values),
    });
    expect(stdout).toBe(`2 subjects: none denied; no findings; ${render(values).length - 2} skipped\n`);
  });
});

test('has no hook but the test', () => {
  const hooks = render().filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
  expect(
    hooks.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.annotations?.['helm.sh/hook']}`).toSorted(),
  ).toEqual([
    'ClusterRole podwright-test test',
    'ClusterRoleBinding podwright-test test',
    'Pod podwright-test test',
    'Role podwright-test test',
    'RoleBinding podwright-test test',
    'ServiceAccount podwright-test test',
  ]);
});
