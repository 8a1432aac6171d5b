import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Report, reportOf } from '../../src/audit/policy-report.ts';
import { reportKinds } from '../../src/audit/report-kind.ts';
import type { ScannedSubject } from '../../src/audit/scanned-subject.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { everythingOn, onlyRules } from '../support/policies.ts';
import { exemption } from '../support/previewed.ts';
import { deploymentOf, scanned, scannedDeployment } from '../support/scanned-subject.ts';

const uid = '6f1b0c1e-1111-4222-8333-944445555666';
const spec = {
  hostNetwork: true,
  containers: [
    {
      name: 'app',
      image: 'example.com/app:1',
      env: [{ name: 'PASSWORD', value: 'hunter2-hunter2' }],
      securityContext: { privileged: true },
    },
  ],
};
const rules = ['no-host-network', 'no-privileged-containers', 'no-secrets-in-env'];

function reportUnder(policy: Policy): Report {
  return reported(scanned(deploymentOf('web', spec), policy, uid));
}

function reported(subject: ScannedSubject): Report {
  const { report } = reportOf(subject);
  if (report === undefined) throw new Error('there is no report');
  return report;
}

test("a report lists its owner's remaining findings", () => {
  expect(reportUnder(onlyRules(rules))).toMatchInlineSnapshot(`
    {
      "apiVersion": "openreports.io/v1alpha1",
      "configuration": {
        "limits": {
          "maxResults": 100,
          "statusFilter": [
            "fail",
            "warn",
            "error",
          ],
        },
      },
      "kind": "Report",
      "metadata": {
        "labels": {
          "app.kubernetes.io/managed-by": "podwright",
        },
        "name": "podwright-6f1b0c1e-1111-4222-8333-944445555666",
        "namespace": "shop",
        "ownerReferences": [
          {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "name": "web",
            "uid": "6f1b0c1e-1111-4222-8333-944445555666",
          },
        ],
      },
      "results": [
        {
          "category": "security",
          "message": "container "app": is privileged; remove securityContext.privileged and add only the capabilities it needs",
          "policy": "podwright",
          "properties": {
            "container": "app",
            "mode": "enforce",
            "path": "/spec/template/spec/containers/0/securityContext/privileged",
          },
          "result": "fail",
          "rule": "no-privileged-containers",
          "severity": "critical",
        },
        {
          "category": "security",
          "message": "hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption)",
          "policy": "podwright",
          "properties": {
            "mode": "enforce",
            "path": "/spec/template/spec/hostNetwork",
          },
          "result": "fail",
          "rule": "no-host-network",
          "severity": "high",
        },
        {
          "category": "security",
          "message": "container "app": env "PASSWORD" is a literal value; use valueFrom.secretKeyRef",
          "policy": "podwright",
          "properties": {
            "container": "app",
            "mode": "enforce",
            "path": "/spec/template/spec/containers/0/env/0/value",
          },
          "result": "fail",
          "rule": "no-secrets-in-env",
          "severity": "high",
        },
      ],
      "scope": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "name": "web",
        "namespace": "shop",
        "uid": "6f1b0c1e-1111-4222-8333-944445555666",
      },
      "source": "podwright",
      "summary": {
        "fail": 3,
      },
    }
  `);
});

describe("the result is the cluster's reaction", () => {
  const resultsUnder = (overrides: Partial<Policy>): string[] =>
    reportUnder(onlyRules(rules, overrides)).results.map(({ result, properties }) => `${properties['mode']} ${result}`);

  test('fail for findings that are denied', () => {
    expect(resultsUnder({})).toEqual(['enforce fail', 'enforce fail', 'enforce fail']);
  });

  test('warn for findings that are admitted with a warning', () => {
    expect(resultsUnder({ mode: 'warn' })).toEqual(['warn warn', 'warn warn', 'warn warn']);
  });

  test('the projected result if findings are only recorded', () => {
    const { rules: all } = onlyRules(rules);
    const weakened = all.map((each) =>
      each.rule.id === 'no-host-network' ? { ...each, mode: 'warn' as const } : each,
    );
    expect(resultsUnder({ mode: 'audit', rules: weakened })).toEqual(['audit fail', 'audit warn', 'audit fail']);
  });
});

test('fixed and exempt findings are omitted, and without others there is no report', () => {
  const exemption = { name: 'cni', rules: ['*'], match: {}, reason: 'because', owner: 'me' };
  const exempt = scanned(deploymentOf('web', spec), onlyRules(rules, { exemptions: [exemption] }), uid);
  expect(exempt.findings).toHaveLength(3);
  expect(reportOf(exempt)).toEqual({ namespace: 'shop', name: `podwright-${uid}`, report: undefined });
  const plain = { containers: [{ name: 'app', image: 'example.com/app:1' }] };
  const fixed = scanned(deploymentOf('web', plain), onlyRules(['no-privilege-escalation']), uid);
  expect(fixed.findings.map((finding) => finding.fixed)).toEqual([true]);
  expect(reportOf(fixed).report).toBeUndefined();
});

test('a subject whose uid is not known has none: nothing would ever collect it', () => {
  expect(reportOf({ ...scannedDeployment('web', ['app']), uid: '' }).report).toBeUndefined();
});

test('the number of Pods is only reported for findings that the template lacks', () => {
  const subject = scannedDeployment('web', ['app']);
  const [finding] = subject.findings;
  if (finding === undefined) throw new Error('there is no finding');
  const withPods = (inTemplate: boolean, pods: number) =>
    reported({ ...subject, pods, findings: [{ ...finding, inTemplate, pods }] });
  expect(withPods(true, 3)).toEqual(withPods(true, 30));
  expect(withPods(false, 3).results[0]?.properties['pods']).toBe('3');
});

test('a value that the API server cannot decode is an error', () => {
  const { results, summary } = reported({
    ...scannedDeployment('web', []),
    typeProblems: [
      { objectPath: '/spec/hostNetwork', position: undefined, message: 'is a string; it must be a boolean' },
    ],
  });
  expect(summary).toEqual({ error: 1 });
  expect(results).toEqual([
    {
      policy: 'podwright',
      severity: 'high',
      result: 'error',
      message: 'is a string; it must be a boolean',
      properties: { path: '/spec/hostNetwork' },
    },
  ]);
});

test('a hundred findings are listed, all are counted, and the size is bounded', () => {
  const subject = scannedDeployment(
    'web',
    Array.from({ length: 150 }, (_, index) => `container-${index}`),
  );
  const [first] = subject.findings;
  const findings = Array.from({ length: 150 }, () => ({ ...first, more: 0, message: '"'.repeat(5_000) }) as never);
  const report = reported({ ...subject, findings });
  expect(report.results).toHaveLength(100);
  expect(report.summary).toEqual({ fail: 150 });
  expect(report.metadata.annotations).toEqual({ 'podwright.dev/left-out': '50' });
  expect(report.results[0]?.message).toHaveLength(1_000);
  expect(JSON.stringify(report).length).toBeLessThan(300_000);
});

test('findings that the engine counted without keeping are included', () => {
  const report = reported(
    scannedDeployment(
      'web',
      Array.from({ length: 150 }, (_, index) => `container-${index}`),
    ),
  );
  expect(report.results).toHaveLength(20);
  expect(report.results[19]?.message).toMatch(/; and 130 more like it$/);
  expect(report.summary).toEqual({ fail: 150 });
  expect(report.metadata.annotations).toEqual({ 'podwright.dev/left-out': '130' });
});

test('a PolicyReport has the source with each result, and no configuration', () => {
  const subject = scannedDeployment('web', ['app']);
  const { source: _, configuration: __, ...report } = reported(subject);
  const result = report.results[0];
  expect(reportOf(subject, { kind: reportKinds.wgpolicyk8s, passes: false }).report).toEqual({
    ...report,
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    results: [{ source: 'podwright', ...result }],
  });
});

test('rules that pass are included on request: those that are on and found nothing, not even what is exempt', () => {
  const exemptions = [exemption('node-agent', ['no-host-network'], { workloads: ['Deployment/web'] })];
  const policy = { ...onlyRules([...rules, 'no-host-pid', 'no-host-ipc']), exemptions };
  const off = policy.rules.map((setting) =>
    setting.rule.id === 'no-host-ipc' ? { ...setting, mode: 'off' as const } : setting,
  );
  const form = { kind: reportKinds.openreports, passes: true };
  const { report } = reportOf(scanned(deploymentOf('web', spec), { ...policy, rules: off }, uid), form);
  expect(report?.summary).toEqual({ fail: 2, pass: 1 });
  expect(report?.configuration?.limits.statusFilter).toEqual(['fail', 'warn', 'error', 'pass']);
  expect(report?.results.at(-1)).toEqual({
    policy: 'podwright',
    rule: 'no-host-pid',
    category: 'security',
    severity: 'critical',
    result: 'pass',
    message: "Pods must not see their node's processes.",
    properties: { mode: 'enforce' },
  });
  const clean = scanned(deploymentOf('web', { containers: [] }), onlyRules(['no-host-pid']), uid);
  expect(reportOf(clean).report).toBeUndefined();
  expect(reportOf(clean, form).report?.summary).toEqual({ pass: 1 });
});

test.skipIf(!hasDefinitions).each([
  [reportKinds.openreports, 'openreports.io_reports', 'v1alpha1'],
  [reportKinds.wgpolicyk8s, 'wgpolicyk8s.io_policyreports', 'v1alpha2'],
])('the definition of the kind takes it and prunes nothing: $kind', (kind, definition, versionName) => {
  const { spec: definitionSpec } = parse(definitionsOf(definition)) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: object } }[] };
  };
  const [version] = definitionSpec.versions;
  expect(version?.name).toBe(versionName);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const validate = ajv.compile(closed(version?.schema.openAPIV3Schema));
  const everything = scanned(deploymentOf('web', spec), everythingOn({ fixes: false }), uid);
  const many = scannedDeployment(
    'web',
    Array.from({ length: 150 }, (_, index) => `container-${index}`),
  );
  for (const subject of [everything, many]) {
    validate(reportOf(subject, { kind, passes: true }).report);
    expect(validate.errors ?? []).toEqual([]);
  }
  validate({ ...reportOf(many, { kind, passes: false }).report, results: [{ rule: 'x', severity: 'bad', more: 1 }] });
  expect(validate.errors?.map(({ keyword }) => keyword).toSorted()).toEqual([
    'additionalProperties',
    'enum',
    'required',
  ]);
});

/** The schema with nothing allowed that the API server would prune. */
function closed(schema: unknown): object {
  if (typeof schema !== 'object' || schema === null) return schema as never;
  if (Array.isArray(schema)) return schema.map(closed);
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const);
  const isClosed = 'type' in schema && 'properties' in schema && !('additionalProperties' in schema);
  return Object.fromEntries([...entries, ...(isClosed ? [['additionalProperties', false] as const] : [])]);
}

test('a result has the contact and the link of the policy', () => {
  const messages = { contact: '#platform on chat', link: 'https://policy.example/{rule}' };
  const [result] = reportUnder(onlyRules(['no-host-network'], { messages })).results;
  expect(result?.properties).toEqual({
    path: '/spec/template/spec/hostNetwork',
    mode: 'enforce',
    link: 'https://policy.example/no-host-network',
    contact: '#platform on chat',
  });
});
