import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { progressLine } from '../../src/cli/progress-line.ts';
import { runClusterAudit } from '../../src/cli/run-cluster-audit.ts';
import { runPreview } from '../../src/cli/run-preview.ts';
import type { FakeAnswer, FakeRequest } from '../cluster/support/fake-api.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';
import { statusOf } from '../cluster/support/fake-list.ts';
import { collectionsOf, service, web } from '../cluster/support/neighborly-cluster.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';
import { testFolder } from '../server/support.ts';

afterEach(() => vi.unstubAllEnvs());

const policyText = `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: enforce
rules:
  require-disruption-budget: { mode: enforce }
  service-target-port: { mode: enforce }
  no-rollout-downtime: { mode: enforce }
  spread-replicas: { mode: enforce }
  pre-stop-sleep: { mode: enforce, fix: true }
`;
const hasty = { ...web, spec: { ...(web['spec'] as object), strategy: { type: 'Recreate' } } };
const mistargeted = {
  ...service,
  spec: { ...(service['spec'] as object), ports: [{ port: 80 }, { port: 81, targetPort: 'admin' }] },
};

/** Starts a cluster of a Deployment behind a Service and without a budget, and returns the options of both commands. */
async function started(interference?: (request: FakeRequest) => FakeAnswer | undefined) {
  const api = await startClusterOf(
    {
      '/api/v1/namespaces': storedObjects('Namespace', [{ metadata: { name: 'shop' } }]),
      '/api/v1/limitranges': storedObjects('LimitRange', []),
      '/api/v1/configmaps': storedObjects('ConfigMap', []),
      ...collectionsOf(hasty, mistargeted),
    },
    interference,
  );
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const policy = join(testFolder(), 'policy.yaml');
  writeFileSync(policy, policyText);
  return { policy, kubernetesVersion: 36 };
}

const silent = () => progressLine(Object.assign(new PassThrough(), { isTTY: false }) as never);

interface Summary {
  readonly namespaces: readonly { readonly rules: readonly object[] }[];
}

test('a preview announces no denial and no repair that only neighbors show, and no restart that a workload stops', async () => {
  const options = await started();
  const { output } = await runPreview({ ...options, output: 'json' }, plain, silent());
  const { namespaces } = JSON.parse(output) as Summary;
  expect(namespaces[0]?.rules).toMatchInlineSnapshot(`
    [
      {
        "changesBehavior": 0,
        "denied": 1,
        "exempt": 0,
        "fixed": 0,
        "rule": "no-rollout-downtime",
        "runningOnly": 0,
        "severity": "medium",
        "stops": 0,
        "warned": 0,
      },
      {
        "changesBehavior": 0,
        "denied": 1,
        "exempt": 0,
        "fixed": 0,
        "rule": "spread-replicas",
        "runningOnly": 0,
        "severity": "low",
        "stops": 0,
        "warned": 0,
      },
    ]
  `);
});

test('an audit of the cluster records them, those about the workload too, at their places', async () => {
  const options = await started();
  const { output, exitCode } = await runClusterAudit(
    { ...options, failOn: 'enforce', output: [{ format: 'sarif', file: undefined }] },
    plain,
    silent(),
  );
  const [run] = (JSON.parse(output) as { runs: { results: Record<string, unknown>[] }[] }).runs;
  expect(
    run?.results.map(({ ruleId, level, message, locations }) => ({ ruleId, level, message, locations })),
  ).toMatchInlineSnapshot(`
    [
      {
        "level": "error",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Deployment shop/web#spec.strategy.type",
                "kind": "resource",
                "name": "web",
              },
            ],
          },
        ],
        "message": {
          "text": "strategy Recreate stops all 2 replicas before the new ones start; set RollingUpdate",
        },
        "ruleId": "no-rollout-downtime",
      },
      {
        "level": "error",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Deployment shop/web#spec.template.spec.topologySpreadConstraints",
                "kind": "resource",
                "name": "web",
              },
            ],
          },
        ],
        "message": {
          "text": "2 replicas may share one node; set topologySpreadConstraints",
        },
        "ruleId": "spread-replicas",
      },
      {
        "level": "note",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Deployment shop/web#spec.template.spec.containers",
                "kind": "resource",
                "name": "web",
              },
            ],
          },
        ],
        "message": {
          "text": "Service "web" sends to port "admin"; give a container's port this name",
        },
        "ruleId": "service-target-port",
      },
      {
        "level": "note",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Deployment shop/web#spec.template.spec.containers[0].lifecycle.preStop",
                "kind": "resource",
                "name": "web",
              },
            ],
          },
        ],
        "message": {
          "text": "container "app": serves Service "web" but has no preStop hook; set lifecycle.preStop.sleep.seconds: 10",
        },
        "ruleId": "pre-stop-sleep",
      },
      {
        "level": "note",
        "locations": [
          {
            "logicalLocations": [
              {
                "fullyQualifiedName": "Deployment shop/web#spec.template.metadata.labels",
                "kind": "resource",
                "name": "web",
              },
            ],
          },
        ],
        "message": {
          "text": "2 replicas, but no PodDisruptionBudget; add one, or a drain may evict all",
        },
        "ruleId": "require-disruption-budget",
      },
    ]
  `);
  expect(exitCode).toBe(1);
});

test('a kind that may not be listed is named once, and its rules do not apply', async () => {
  const forbidden =
    'poddisruptionbudgets.policy is forbidden: User "jane" cannot list resource "poddisruptionbudgets" in API group "policy" at the cluster scope';
  const options = await started(({ path }) =>
    path.endsWith('/poddisruptionbudgets') ? { status: 403, body: statusOf(403, forbidden) } : undefined,
  );
  const { output, messages } = await runClusterAudit({ ...options, failOn: 'enforce' }, plain, silent());
  expect(messages.filter((line) => line.startsWith('not read'))).toEqual([`not read: ${forbidden}`]);
  expect(output).not.toContain('require-disruption-budget');
  expect(output).toContain('service-target-port');
});
