import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { describe, expect, test } from 'vitest';
import { deployManifest } from '../../scripts/generate/deploy-manifest.ts';
import { readYaml } from '../../src/yaml/read.ts';
import { chart, helms, type Rendered, render } from './support/helm.ts';

const root = join(import.meta.dirname, '../..');
const manifest = readFileSync(join(root, 'deploy/podwright.yaml'), 'utf8');
const objects = readYaml(manifest).documents.map(({ value }) => value as Rendered);

test.each(helms)('is up to date, by %s; otherwise run npm run generate', (helm) => {
  expect(manifest).toBe(deployManifest(chart, helm));
});

test('is the chart; the namespace comes first, and the webhooks last', () => {
  const names = ({ kind, metadata }: Rendered) => `${kind}/${metadata.name}`;
  const ofChart = render().filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
  expect(objects.map(names)).toEqual(expect.arrayContaining(ofChart.map(names)));
  expect(objects.length).toBe(ofChart.length + 1);
  const places = [objects[0], ...objects.slice(-2)].map((object) => object?.kind);
  expect(places).toEqual(['Namespace', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);
});

test('says nowhere that Helm has made it', () => {
  expect(manifest.replace(/^#.*$/m, '')).not.toMatch(/helm/i);
});

describe.each(['pss-restricted', 'strict'])('under the preset %s', (preset) => {
  test('its Pods have no finding', () => {
    const policy = join(import.meta.dirname, `support/${preset}.yaml`);
    const flags = ['audit', '--policy', policy, '--fail-on', 'audit', 'deploy'];
    const { stdout } = spawnSync(execPath, ['src/main.ts', ...flags], { cwd: root, encoding: 'utf8' });
    expect(stdout).toBe(`1 subject: none denied; no findings; ${objects.length - 1} skipped\n`);
  });
});
