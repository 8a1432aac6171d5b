import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { only, type Rendered, refusal, render } from './support/helm.ts';

interface PrometheusRule {
  readonly spec: {
    readonly groups: readonly [
      {
        readonly rules: readonly {
          readonly alert: string;
          readonly expr: string;
          readonly annotations: Readonly<Record<string, string>>;
        }[];
      },
    ];
  };
}

interface ConfigMap extends Rendered {
  readonly data: Readonly<Record<string, string>>;
}

const dashboard = 'podwright-dashboard';
const monitoring = { serviceMonitor: true, alerts: true, labels: { release: 'prometheus' } };
const contents = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const alerts = (values: object = {}) =>
  only<PrometheusRule>(render({ monitoring, ...values }), 'PrometheusRule').spec.groups[0].rules;
const expressionOf = (name: string, values: object): string | undefined =>
  alerts(values).find(({ alert }) => alert === name)?.expr;

test('is only created on request', () => {
  const objects = render();
  const kinds = new Set(objects.map(({ kind }) => kind));
  expect([kinds.has('ServiceMonitor'), kinds.has('PrometheusRule')]).toEqual([false, false]);
  expect(objects.map(({ metadata }) => metadata.name)).not.toContain(dashboard);
});

test('what is scraped, how and from where can be chosen', () => {
  const relabelings = [{ action: 'replace', targetLabel: 'cluster', replacement: 'one' }];
  const metricRelabelings = [{ action: 'drop', sourceLabels: ['__name__'], regex: 'nodejs_.*' }];
  const endpoint = { port: 'metrics', interval: '1m', scrapeTimeout: '10s', relabelings, metricRelabelings };
  const { port: _, ...set } = endpoint;
  const objects = render({ monitoring: { ...monitoring, ...set, podMonitor: true, namespace: 'monitoring' } });
  expect(only(objects, 'ServiceMonitor')).toMatchObject({
    metadata: { namespace: 'monitoring', labels: { release: 'prometheus' } },
    spec: { endpoints: [endpoint], namespaceSelector: { matchNames: ['podwright-system'] } },
  });
  expect(only(objects, 'PodMonitor')).toMatchObject({
    metadata: { namespace: 'monitoring', labels: { release: 'prometheus' } },
    spec: { podMetricsEndpoints: [endpoint], namespaceSelector: { matchNames: ['podwright-system'] } },
  });
  expect(only(objects, 'PrometheusRule').metadata.namespace).toBe('monitoring');
});

test('the Service is scraped at its port for metrics', () => {
  const monitor = only(render({ monitoring }), 'ServiceMonitor');
  expect(monitor).toMatchObject({
    metadata: { labels: { release: 'prometheus' } },
    spec: {
      endpoints: [{ port: 'metrics', interval: '30s' }],
      namespaceSelector: { matchNames: ['podwright-system'] },
    },
  });
});

test('labels of namespaces in metrics win over that of the target', () => {
  const objects = render({ monitoring: { ...monitoring, podMonitor: true, namespaces: 200 } });
  const scraped = { port: 'metrics', interval: '30s', honorLabels: true };
  expect(only(objects, 'ServiceMonitor')).toMatchObject({ spec: { endpoints: [scraped] } });
  expect(only(objects, 'PodMonitor')).toMatchObject({ spec: { podMetricsEndpoints: [scraped] } });
  expect(refusal({ monitoring: { namespaces: -1 } })).toContain('/monitoring/namespaces');
});

test.each([
  [{}, 10_800],
  [{ intervalSeconds: 600 }, 1800],
])('with %j a scan is stale after %i seconds', (scan, seconds) => {
  const last = `max(max_over_time(podwright_scan_last_run_timestamp_seconds[${seconds}s]))`;
  expect(expressionOf('PodwrightScanStale', { scan })).toBe(
    `max(podwright_leader) == 1 unless on () time() - ${last} < ${seconds}`,
  );
});

test('without a scan none is missed', () => {
  expect(expressionOf('PodwrightScanStale', { scan: { enabled: false } })).toBeUndefined();
  expect(expressionOf('PodwrightNoLeader', { scan: { enabled: false } })).toBe('max(podwright_leader) == 0');
});

test('every alert is explained in the documentation', () => {
  const headings = [...contents('docs/operations.md').matchAll(/^### (Podwright\w+)$/gm)].map(([, name]) => name);
  expect(alerts().map(({ alert }) => alert)).toEqual(headings);
  for (const { alert, annotations } of alerts())
    expect(annotations['runbook_url']).toMatch(new RegExp(`/docs/operations\\.md#${alert.toLowerCase()}$`));
});

test('Grafana finds the dashboard, whole', () => {
  const { metadata, data } = only<ConfigMap>(render({ monitoring: { dashboard: true } }), 'ConfigMap', dashboard);
  expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  expect(Object.keys(data)).toEqual(['podwright.json']);
  expect(data['podwright.json']?.trim()).toBe(contents('charts/podwright/files/dashboard.json').trim());
});
