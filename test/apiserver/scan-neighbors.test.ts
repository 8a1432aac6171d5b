import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type ApiClient, openApiClient } from '../../src/cluster/api/api-client.ts';
import { readSurroundings } from '../../src/cluster/scan/read-surroundings.ts';
import { scanCluster } from '../../src/cluster/scan/scan-cluster.ts';
import { onlyRules } from '../support/policies.ts';
import { kubeconfigWith } from './support/installation.ts';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';

const namespace = 'scan-neighbors';
const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
const on = onlyRules([
  'require-disruption-budget',
  'require-readiness-probe',
  'require-autoscaled-requests',
  'no-service-account-token',
  'known-priority-class',
]);
// what admission would only record, neighbors may refute
const policy = {
  ...on,
  rules: on.rules.map((setting) =>
    setting.rule.id === 'no-service-account-token' ? { ...setting, mode: 'audit' as const } : setting,
  ),
};
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  const labels = (app: string) => ({ app });
  const deployment = (app: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels(app) },
      template: {
        metadata: { labels: labels(app) },
        spec: { serviceAccountName: app, containers: [{ name: 'app', image: 'localhost:1/none:1' }] },
      },
    },
  });
  const account = (name: string) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'served' };
  const items = [
    ...['served', 'alone'].flatMap((app) => [account(app), deployment(app)]),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'served' },
      spec: { selector: labels('served'), ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'served' },
      spec: { minAvailable: 2, selector: { matchLabels: labels('served') } },
    },
    {
      apiVersion: 'autoscaling/v1',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'served' },
      spec: { scaleTargetRef: target, minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 80 },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'served' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'served', namespace }],
    },
  ];
  await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items }, 'create', '-f', '-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function clientWith(kubeconfig: string): ApiClient {
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, kubeconfig);
  return openApiClient({ kubeconfig: path });
}

/** The findings of templates, and what may not be read. */
async function scanned(client: ApiClient) {
  const surroundings = await readSurroundings(client, { minor: 36, now: 0, namespace });
  const scan = scanCluster({ client, policy, surroundings, namespace });
  const found: Record<string, string[]> = {};
  for await (const { object, verdict, stopsAtRestart, findings } of scan)
    found[`${object.name} ${verdict}${stopsAtRestart ? ' stops' : ''}`] = findings.map(
      ({ rule, mode, message }) => `${rule.id} (${mode}): ${message}`,
    );
  return { found, unknown: scan.unknown.map(({ resource }) => resource).toSorted() };
}

const token =
  "no-service-account-token (audit): containers get the service account's token unasked; set automountServiceAccountToken: false";

test('what neighbors show is recorded, and they refute what would only be recorded', async () => {
  expect(await scanned(clientWith(inject('kubeconfig')))).toEqual({
    found: {
      'alone allow': [
        token,
        'require-disruption-budget (audit): 2 replicas, but no PodDisruptionBudget; add one, or a drain may evict all',
      ],
      'served allow': [
        'require-autoscaled-requests (audit): requests no cpu, so HorizontalPodAutoscaler "served" never scales it',
        'require-disruption-budget (audit): PodDisruptionBudget "served" allows no eviction at the minimum of 2 replicas; set maxUnavailable: 1',
        'require-readiness-probe (audit): serves Service "served" but has no readinessProbe; add one, or traffic arrives too early',
      ],
    },
    unknown: [],
  });
});

test('a viewer may read all but bindings and classes, which are unknown then', async () => {
  await wanted(kubectl('create', 'serviceaccount', 'viewer'));
  await wanted(
    kubectl('create', 'rolebinding', 'viewer', '--clusterrole=view', `--serviceaccount=${namespace}:viewer`),
  );
  const { stdout } = await wanted(kubectl('create', 'token', 'viewer'));
  const { found, unknown } = await scanned(clientWith(kubeconfigWith(stdout.trim())));
  expect(unknown).toEqual([
    'clusterrolebindings.rbac.authorization.k8s.io',
    'priorityclasses.scheduling.k8s.io',
    'rolebindings.rbac.authorization.k8s.io',
  ]);
  expect(found['served allow']).toHaveLength(4);
  expect(found['served allow']).toContain(token);
});
