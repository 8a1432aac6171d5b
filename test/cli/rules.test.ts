import path from 'node:path';
import { expect, test } from 'vitest';
import { policyOf } from '../../src/cli/policy-options.ts';
import { rulesJson, rulesText } from '../../src/cli/rules.ts';
import type { Policy } from '../../src/engine/policy.ts';

const file = path.join(import.meta.dirname, 'fixtures/policy.yaml');
const shown = new Set(['no-host-network', 'pre-stop-sleep', 'require-cpu-request']);

async function policyOfShown(): Promise<Policy> {
  const policy = await policyOf({ policy: file });
  if ('problems' in policy) throw new Error(policy.problems.join('\n'));
  return { ...policy, rules: policy.rules.filter(({ rule }) => shown.has(rule.id)) };
}

test('one rule a line, in columns', async () => {
  expect(rulesText(await policyOfShown())).toMatchInlineSnapshot(`
    "RULE                 SEVERITY  MODE     FIX  ASKS
    no-host-network      high      enforce  -    Pods must not use the host network.
    pre-stop-sleep       medium    warn     on   Containers that serve traffic must sleep before they stop.
    require-cpu-request  medium    enforce  off  Containers must request cpu."
  `);
});

test('the same for machines', async () => {
  expect(JSON.parse(rulesJson(await policyOfShown()))).toMatchInlineSnapshot(`
    [
      {
        "category": "security",
        "fix": null,
        "group": "pod-security",
        "id": "no-host-network",
        "mode": "enforce",
        "options": {},
        "severity": "high",
        "summary": "Pods must not use the host network.",
      },
      {
        "category": "reliability",
        "fix": {
          "enabled": true,
          "risk": "behavior",
        },
        "group": "life-cycle",
        "id": "pre-stop-sleep",
        "mode": "warn",
        "options": {
          "daemonSets": false,
          "exec": false,
          "ignoredPorts": [
            "*metrics*",
            "prom",
            "prom-*",
            "*-prom",
            "*-prom-*",
            "promhttp",
            "*prometheus*",
            "*exporter*",
            "*telemetry*",
            "*monitoring*",
            "*pprof*",
            "*profiling*",
            "*health",
            "health-*",
            "*-health-*",
            "*healthz*",
            "*healthcheck*",
            "*probe*",
            "ready",
            "readyz",
            "*membership*",
            "*memberlist*",
            "admin",
            "http-admin",
            "logs",
            "worker-logs",
          ],
          "maxGracePeriod": 300,
          "seconds": 10,
          "sidecars": false,
          "withoutPorts": false,
        },
        "severity": "medium",
        "summary": "Containers that serve traffic must sleep before they stop.",
      },
      {
        "category": "reliability",
        "fix": {
          "enabled": false,
          "risk": "behavior",
        },
        "group": "resources",
        "id": "require-cpu-request",
        "mode": "enforce",
        "options": {
          "defaults": [],
          "initContainers": false,
        },
        "severity": "medium",
        "summary": "Containers must request cpu.",
      },
    ]
  `);
});
