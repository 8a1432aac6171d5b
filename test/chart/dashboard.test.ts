import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { hasPrometheus } from '../prometheus/support/prometheus-program.ts';
import { chart } from './support/helm.ts';

const { panels } = JSON.parse(readFileSync(join(chart, 'files/dashboard.json'), 'utf8')) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};
const narrowed = panels.flatMap(({ title, targets }) =>
  targets.filter(({ expr }) => expr.includes('$namespace')).map(({ expr }) => [title, expr] as const),
);
/** Of every metric that the panels ask for, a series that grows by one a second. */
const metrics = [
  'podwright_admission_requests_total{webhook="mutate.podwright.dev",verdict="deny",dry_run="false"',
  'podwright_findings_total{rule="no-host-path",would="deny",source="pod"',
  'podwright_fixes_total{rule="no-host-path"',
];
const growing = (labels: string) => metrics.map((metric) => ({ series: `${metric}${labels}}`, values: '0+60x10' }));
const labeled = [...growing(',namespace="shop"'), ...growing(',namespace="pay"')];
const perPanel = {
  Verdicts: { labels: '{verdict="deny", webhook="mutate.podwright.dev"}', one: 1 },
  'Top rules': { labels: '{rule="no-host-path", would="deny"}', one: 300 },
  'Top fixes': { labels: '{rule="no-host-path"}', one: 300 },
};

/** What Prometheus answers to the queries of the panels after ten minutes, if the expected samples are right. */
function evaluates(series: readonly object[], chosen: string, expected: Readonly<Record<string, readonly object[]>>) {
  const folder = mkdtempSync(join(tmpdir(), 'podwright-dashboard-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const queries = narrowed.map(([title, expr]) => ({
    expr: expr.replaceAll('$namespace', chosen).replaceAll(/\$__(rate_interval|range)/g, '5m'),
    eval_time: '10m',
    exp_samples: expected[title],
  }));
  const tests = { tests: [{ interval: '1m', input_series: series, promql_expr_test: queries }] };
  writeFileSync(join(folder, 'queries.yaml'), JSON.stringify(tests));
  const { stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'queries.yaml'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}

const samples = (namespaces: number) =>
  Object.fromEntries(
    Object.entries(perPanel).map(([title, { labels, one }]) => [title, [{ labels, value: one * namespaces }]]),
  );
const ofNamespaces = (...names: readonly string[]) =>
  names.map((name) => ({ labels: `{${name && `namespace="${name}", `}verdict="deny"}`, value: 300 }));

test('these panels are narrowed by the namespaces chosen', () => {
  expect(narrowed.map(([title]) => title)).toEqual(['Verdicts', 'Top rules', 'Top fixes', 'Top namespaces']);
});

test.skipIf(!hasPrometheus).each([
  ['all, with the label', labeled, '.*', 2, ['shop', 'pay']],
  ['all, without the label', growing(''), '.*', 1, ['']],
  ['one', labeled, 'shop', 1, ['shop']],
  ['two', [...labeled, ...growing(',namespace="_other"')], '(shop|pay)', 2, ['shop', 'pay']],
] as const)('%s: Prometheus answers', (_, series, chosen, count, names) => {
  const expected = { ...samples(count), 'Top namespaces': ofNamespaces(...names) };
  expect(evaluates(series, chosen, expected)).toContain('SUCCESS');
});
