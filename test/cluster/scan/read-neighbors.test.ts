import { expect, test } from 'vitest';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { scanCluster } from '../../../src/cluster/scan/scan-cluster.ts';
import type { Mode } from '../../../src/engine/rule.ts';
import type { stored } from '../../audit/support/objects.ts';
import { onlyRules } from '../../support/policies.ts';
import type { FakeApi } from '../support/fake-api.ts';
import { statusOf } from '../support/fake-list.ts';
import { autoscaler, binding, budget, collectionsOf, service, web } from '../support/neighborly-cluster.ts';
import { startClusterOf } from '../support/start-cluster.ts';

const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });

/** Only these rules, in this mode. */
function policyOf(mode: Mode, ...ids: readonly string[]) {
  const policy = onlyRules(ids);
  return { ...policy, rules: policy.rules.map((rule) => (rule.mode === 'off' ? rule : { ...rule, mode })) };
}

/** The findings of each subject, and the resources that are unknown. */
async function scanned(api: FakeApi, policy = policyOf('audit'), namespace?: string) {
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const scan = scanCluster({ client, policy, surroundings, namespace, pageSize: 2 });
  const found: Record<string, string[]> = {};
  for await (const { object, findings } of scan)
    found[`${object.namespace}/${object.name}`] = findings.map(
      ({ rule, mode, recordedOnly, message }) =>
        `${rule.id} (${mode}${recordedOnly ? ', recorded only' : ''}): ${message}`,
    );
  return { found, unreadable: scan.unreadable, unknown: scan.unknown.map(({ resource }) => resource) };
}

const inNamespace = (namespace: string, { metadata, ...rest }: ReturnType<typeof stored>) => ({
  ...rest,
  metadata: { ...metadata, namespace },
});

test('a missing budget is found, and one that selects the Pods is seen', async () => {
  const policy = policyOf('audit', 'require-disruption-budget');
  const without = await startClusterOf(collectionsOf(web));
  expect((await scanned(without, policy)).found).toEqual({
    'shop/web': [
      'require-disruption-budget (audit, recorded only): 2 replicas, but no PodDisruptionBudget; add one, or a drain may evict all',
    ],
  });
  const beside = await startClusterOf(collectionsOf(web, budget({ maxUnavailable: 1 })));
  expect((await scanned(beside, policy)).found).toEqual({ 'shop/web': [] });
  const elsewhere = await startClusterOf(collectionsOf(web, inNamespace('a', budget({ maxUnavailable: 1 }))));
  expect((await scanned(elsewhere, policy)).found['shop/web']).toHaveLength(1);
});

test('a budget is compared with the minimum of the autoscaler', async () => {
  const policy = policyOf('audit', 'require-disruption-budget');
  const never = await startClusterOf(collectionsOf(web, budget({ minAvailable: 2 })));
  expect((await scanned(never, policy)).found['shop/web']).toEqual([
    'require-disruption-budget (audit, recorded only): PodDisruptionBudget "web" never allows an eviction; set maxUnavailable: 1',
  ]);
  const scaled = await startClusterOf(collectionsOf(web, budget({ minAvailable: 2 }), autoscaler));
  expect((await scanned(scaled, policy)).found['shop/web']).toEqual([]);
});

test('a container without ports behind a Service serves traffic', async () => {
  const policy = policyOf('enforce', 'require-readiness-probe');
  const api = await startClusterOf(collectionsOf(web, service));
  expect((await scanned(api, policy)).found).toEqual({
    'shop/web': [
      'require-readiness-probe (audit, recorded only): serves Service "web" but has no readinessProbe; add one, or traffic arrives too early',
    ],
  });
  expect((await scanned(await startClusterOf(collectionsOf(web)), policy)).found).toEqual({ 'shop/web': [] });
});

test('an account with a role needs its token, wherever the binding is; what admission denies stays', async () => {
  const mode = (each: Mode) => policyOf(each, 'no-service-account-token');
  const message = "containers get the service account's token unasked; set automountServiceAccountToken: false";
  const unbound = await startClusterOf(collectionsOf(web));
  expect((await scanned(unbound, mode('audit'))).found['shop/web']).toEqual([
    `no-service-account-token (audit): ${message}`,
  ]);
  const bound = await startClusterOf(collectionsOf(web, binding));
  expect((await scanned(bound, mode('audit'))).found['shop/web']).toEqual([]);
  expect((await scanned(bound, mode('enforce'))).found['shop/web']).toEqual([
    `no-service-account-token (enforce): ${message}`,
  ]);
});

test('neighbors of a namespace are complete before its Pods, whatever the size of a page', async () => {
  const names = ['a', 'a-b', 'a.b', 'b', 'c'];
  const everywhere = names.flatMap((name) =>
    [web, budget({ maxUnavailable: 1 })].map((each) => inNamespace(name, each)),
  );
  // namespaces without workloads are passed over
  const more = ['a0', 'bb', 'd'].flatMap((name) => [inNamespace(name, budget({ maxUnavailable: 0 }))]);
  const api = await startClusterOf(collectionsOf(...everywhere, ...more));
  const { found } = await scanned(api, policyOf('audit', 'require-disruption-budget'));
  expect(found).toEqual(Object.fromEntries(names.map((name) => [`${name}/web`, []])));
});

test('a kind that may not be read is unknown, not absent, and the workloads are still complete', async () => {
  const policy = policyOf('audit', 'require-disruption-budget', 'require-readiness-probe');
  const forbidden = (...resources: readonly string[]) =>
    startClusterOf(collectionsOf(web, service), ({ path }) =>
      resources.some((resource) => path.endsWith(`/${resource}`))
        ? { status: 403, body: statusOf(403, 'no') }
        : undefined,
    );
  expect(await scanned(await forbidden('poddisruptionbudgets'), policy)).toEqual({
    found: { 'shop/web': [expect.stringContaining('serves Service "web"')] },
    unreadable: [],
    unknown: ['poddisruptionbudgets.policy'],
  });
  expect(await scanned(await forbidden('services'), policy)).toEqual({
    found: { 'shop/web': [expect.stringContaining('no PodDisruptionBudget')] },
    unreadable: [],
    unknown: ['services'],
  });
});

test('a kind is unknown from the page on that may not be read', async () => {
  const budgets = ['a', 'b', 'c'].map((name) => inNamespace(name, budget({ maxUnavailable: 1 })));
  const workloads = ['a', 'b', 'c'].map((name) => inNamespace(name, web));
  let pages = 0;
  const api = await startClusterOf(collectionsOf(...workloads, ...budgets), ({ path }) =>
    path.endsWith('/poddisruptionbudgets') && ++pages > 1 ? { status: 403, body: statusOf(403, 'no') } : undefined,
  );
  expect(await scanned(api, policyOf('audit', 'require-disruption-budget'))).toEqual({
    found: { 'a/web': [], 'b/web': [], 'c/web': [] },
    unreadable: [],
    unknown: ['poddisruptionbudgets.policy'],
  });
});

test('only kinds that enabled rules read are asked for, each once, and of one namespace only its own', async () => {
  async function asked(rules: readonly string[], namespace?: string): Promise<string[]> {
    const api = await startClusterOf(collectionsOf(web), ({ path }) => {
      if (!path.includes('/namespaces/')) return undefined;
      return { status: 200, body: { items: path.endsWith('/deployments') ? [web] : [] } };
    });
    await scanned(api, policyOf('audit', ...rules), namespace);
    const ofWorkloads = /\/(?:apis|pods|podtemplates|replicationcontrollers)$|\/(?:apps|batch)\//;
    return api.requests.map(({ path }) => path).filter((path) => !ofWorkloads.test(path));
  }
  expect(await asked(['no-privileged-containers', 'no-autoscaled-replicas', 'known-config-objects'])).toEqual([]);
  expect((await asked(['no-service-account-token', 'known-priority-class', 'service-target-port'])).toSorted()).toEqual(
    [
      '/api/v1/serviceaccounts',
      '/api/v1/services',
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      '/apis/rbac.authorization.k8s.io/v1/rolebindings',
      '/apis/scheduling.k8s.io/v1/priorityclasses',
    ],
  );
  expect((await asked(['no-service-account-token', 'known-priority-class'], 'shop')).toSorted()).toEqual([
    '/api/v1/namespaces/shop/serviceaccounts',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings',
    '/apis/scheduling.k8s.io/v1/priorityclasses',
  ]);
});
