import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { openNamespaceCache } from '../../../src/cluster/namespaces/index.ts';
import { createClusterMetrics } from '../../../src/server/monitoring/cluster-metrics.ts';
import { openClusterScan } from '../../../src/server/scan/cluster-scan.ts';
import { container, privileged, runningPod } from '../../audit/support/objects.ts';
import { storedObjects } from '../../cluster/support/fake-collection.ts';
import { startClusterOf } from '../../cluster/support/start-cluster.ts';
import { onlyRules } from '../../support/policies.ts';
import { keptLog, testMetrics, until } from '../support.ts';

test('nothing is scanned before it is known which namespaces are excluded', async () => {
  let isAway = true;
  const excluded = { metadata: { name: 'shop', labels: { 'podwright.dev/exclude': 'true' } } };
  const namespaceSelector = { matchExpressions: [{ key: 'podwright.dev/exclude', operator: 'DoesNotExist' }] };
  const api = await startClusterOf(
    {
      '/api/v1/namespaces': storedObjects('Namespace', [excluded]),
      '/api/v1/limitranges': storedObjects('LimitRange', []),
      '/api/v1/pods': storedObjects('Pod', [runningPod('probe', [container('app', privileged)])]),
    },
    ({ path }) => {
      if (path.startsWith('/apis/admissionregistration'))
        return { status: 200, body: { webhooks: [{ namespaceSelector }] } };
      return path === '/api/v1/namespaces' && isAway ? { status: 503 } : undefined;
    },
  );
  const access = { kubeconfig: api.kubeconfig };
  const { log, lines } = keptLog('info');
  const { metrics } = testMetrics();
  const clusterMetrics = createClusterMetrics(metrics.registry);
  const client = openApiClient(access);
  const backoff = { firstMs: 10, longestMs: 40 };
  const namespaces = openNamespaceCache({ client, metrics: clusterMetrics, log, backoff });
  onTestFinished(() => namespaces.close());
  const scan = await openClusterScan(
    {
      everyMs: 60_000,
      reports: 'none',
      passes: false,
      maxReports: 0,
      timing: { firstMs: 0, lookMs: 10, retry: { firstMs: 10, longestMs: 40 } },
    },
    {
      cluster: {
        client,
        namespaces,
        version: { minor: 36, close: () => undefined },
        election: undefined,
        namespace: undefined,
        metrics: clusterMetrics,
        close: () => Promise.resolve(),
      },
      selfService: { policyEverywhere: () => onlyRules(['no-privileged-containers']), problems: () => [] },
      metrics,
      log,
    },
  );
  onTestFinished(() => scan.close());
  const scans = () => lines.filter(({ event }) => event === 'scan');
  await until(() => scans().length > 0);
  expect(scans()[0]).toMatchObject({ level: 'warn', problem: 'the namespaces have not been read yet' });
  isAway = false;
  await until(() => scans().at(-1)?.['level'] === 'info');
  expect(scans().at(-1)).toMatchObject({ subjects: 0, denied: 0 });
});
