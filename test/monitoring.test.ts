import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { labelsOf, ownMetrics } from '../scripts/generate/metrics-table.ts';
import { askedBy } from './support/promql.ts';

const contents = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

const alerts = parse(contents('charts/podwright/files/alerts.yaml')) as readonly { alert: string; expr: string }[];
const dashboard = JSON.parse(contents('charts/podwright/files/dashboard.json')) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
};
const expressions = [
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...[...contents('docs/operations.md').matchAll(/^```promql\n(.*?)^```$/gms)].map(
    ([, expr = '']) => ['docs/operations.md', expr] as const,
  ),
];

/** What an API server counts of its admission webhooks, with the labels that there are. */
const ofApiServers: Readonly<Record<string, readonly string[]>> = {
  apiserver_admission_webhook_admission_duration_seconds: ['name', 'type', 'operation', 'rejected'],
  apiserver_admission_webhook_rejection_count: ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  apiserver_admission_webhook_fail_open_count: ['name', 'type'],
  apiserver_admission_webhook_request_total: ['name', 'type', 'operation', 'code', 'rejected'],
};
/** What every process of Node.js tells, and what Prometheus adds. */
const ofProcesses = {
  process_cpu_seconds_total: [],
  process_resident_memory_bytes: [],
  process_start_time_seconds: [],
  up: [],
};
const ofTargets = ['instance', 'job'];
const known: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries({ ...ofApiServers, ...ofProcesses }),
  ...ownMetrics().map((metric) => [metric.name, labelsOf(metric)] as const),
]);

describe.each(expressions)('%s: %s', (_, expression) => {
  test('is PromQL over metrics and labels that there are', () => {
    const { metrics, labels } = askedBy(expression);
    expect(metrics).not.toEqual([]);
    const labelsOfMetrics = metrics.map((name) => {
      const isBucket = name.endsWith('_bucket');
      const ofMetric = known.get(name.replace(/_bucket$/, ''));
      return ofMetric === undefined ? `there is no metric ${name}` : [...ofMetric, ...(isBucket ? ['le'] : [])];
    });
    expect(labelsOfMetrics.filter((label) => typeof label === 'string')).toEqual([]);
    expect([...labelsOfMetrics.flat(), ...ofTargets]).toEqual(expect.arrayContaining([...labels]));
  });
});

test('an expression that is none is refused', () => {
  expect(() => askedBy('sum by (rule (podwright_findings_total)')).toThrow(SyntaxError);
  expect(askedBy('sum by (rule) (rate(a{b="c"}[5m])) / d')).toEqual({ metrics: ['a', 'd'], labels: ['rule', 'b'] });
});

test('panels do not overlap and fill their rows', () => {
  const { panels } = dashboard as unknown as {
    panels: readonly { gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>> }[];
  };
  const widths = Map.groupBy(panels, ({ gridPos }) => gridPos.y);
  for (const row of widths.values()) {
    expect(row.reduce((sum, { gridPos }) => sum + gridPos.w, 0)).toBe(24);
    expect(new Set(row.map(({ gridPos }) => gridPos.h)).size).toBe(1);
  }
});
