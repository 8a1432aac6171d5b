import { pino } from 'pino';
import type { MetricObject } from 'prom-client';
import { defaultPolicy } from '../../src/policy/default-policy.ts';
import { createEventMetrics } from '../../src/server/events/server-events.ts';
import { createClusterMetrics } from '../../src/server/monitoring/cluster-metrics.ts';
import { createMetrics } from '../../src/server/monitoring/metrics.ts';
import { watchExemptions } from '../../src/server/policy/exemption-expiry.ts';
import { createReportMetrics, createScanMetrics } from '../../src/server/scan/scan-metrics.ts';
import { measureSelfService } from '../../src/server/self-service/index.ts';
import { code, tableLines } from './markdown.ts';

/** The metrics of the program itself, by name. */
export function ownMetrics(): MetricObject[] {
  const metrics = createMetrics({ version: '', ruleIds: [], maxNamespaces: 1 });
  const close = async (): Promise<void> => {};
  const cluster = createClusterMetrics(metrics.registry);
  cluster.observeElection({ isLeader: false, leader: undefined, onGain: () => undefined, close });
  cluster.observe({ isInSync: undefined, webhooks: undefined, problems: () => [], close });
  createScanMetrics(metrics.registry);
  createReportMetrics(metrics.registry);
  createEventMetrics(metrics.registry);
  measureSelfService(metrics.registry, { counts: () => ({ inForce: 0, problems: 0 }) });
  watchExemptions(() => defaultPolicy([]), { registry: metrics.registry, log: pino({ level: 'silent' }) }).close();
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
