import type { MetricObject } from 'prom-client';
import { createClusterMetrics } from '../../src/server/cluster-metrics.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { code, tableLines } from './markdown.ts';

/** What the program tells Prometheus under its own name, by name. */
export function ownMetrics(): MetricObject[] {
  const metrics = createMetrics({ version: '', ruleIds: [] });
  const nothing = { isLeader: false, isInSync: undefined, webhooks: undefined };
  createClusterMetrics(metrics.registry).observe({ ...nothing, problems: () => [], close: async () => {} });
  metrics.close();
  return metrics.registry
    .getMetricsAsArray()
    .filter(({ name }) => name.startsWith('podwright_'))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The names of a metric's labels. */
export function labelsOf(metric: MetricObject): readonly string[] {
  return (metric as { readonly labelNames?: readonly string[] }).labelNames ?? [];
}

export function metricsTable(metrics: readonly MetricObject[]): string {
  const rows = metrics.map((metric) => [code(metric.name), labelsOf(metric).map(code).join(', '), metric.help]);
  return tableLines(['Metric', 'Labels', 'Meaning'], rows).join('\n');
}
