import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { decide } from '../src/admission/decide.ts';
import { reportOf } from '../src/audit/policy-report.ts';
import { outlookOf } from '../src/audit/preview/outlook.ts';
import { explainManifests } from '../src/cli/explain-manifests.ts';
import { plain } from '../src/cli/output/paint.ts';
import { policyFrom } from '../src/cli/policy-options.ts';
import { runAudit } from '../src/cli/run-audit.ts';
import { projectedOutcomeOf } from '../src/engine/fate.ts';
import { podObject, requestFor } from './support/requests.ts';
import { scanned } from './support/scanned-subject.ts';

const written = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules: { no-host-network: { mode: enforce }, require-cpu-request: { mode: warn } }
`;
const policy = await policyFrom(written, 'policy.yaml');
if ('problems' in policy) throw new Error(policy.problems.join('\n'));
const file = path.join(await mkdtemp(path.join(tmpdir(), 'podwright-')), 'policy.yaml');
await writeFile(file, written);

describe('every surface treats findings of a mirror Pod as only recorded', () => {
  const mirror = podObject(
    { hostNetwork: true, containers: [{ name: 'etcd', image: 'registry.example/etcd:3.6' }] },
    {
      name: 'etcd-n1',
      annotations: { 'kubernetes.io/config.mirror': 'abc' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u', controller: true }],
    },
  );
  const input = () => Readable.from([JSON.stringify(mirror)]);
  const audited = async (format: 'text' | 'junit' | 'github'): Promise<string> => {
    const options = { policy: file, output: [{ format, file: undefined }], failOn: 'enforce' } as const;
    return (await runAudit(['-'], options, input, plain)).output;
  };
  const subject = scanned(mirror, policy, 'uid');

  test('admission', () => {
    const userInfo = { username: 'system:node:n1', groups: ['system:nodes'] };
    const { verdict, findings } = decide('validate', requestFor(mirror, { userInfo }), { policy, minor: 36 });
    expect([
      verdict,
      ...findings.map((finding) => [finding.rule.id, finding.mode, projectedOutcomeOf(finding)]),
    ]).toEqual(['allow', ['no-host-network', 'audit', 'none'], ['require-cpu-request', 'audit', 'none']]);
  });

  test('the metrics of a scan', () => {
    expect(subject.findings.map(projectedOutcomeOf)).toEqual(['none', 'none']);
  });

  test('its Report', () => {
    expect(reportOf(subject).report?.summary).toEqual({ warn: 2 });
  });

  test('preview', () => {
    expect(outlookOf(subject)).toMatchObject({ outcomes: new Set(), rules: [] });
  });

  test('explain', async () => {
    const { output } = await explainManifests(['-'], { policy: file }, input, plain);
    expect(output.match(/^ {2}(no-host-network|require-cpu-request) +\w+/gm)).toEqual([
      '  no-host-network      audit',
      '  require-cpu-request  audit',
    ]);
  });

  test('the text of an audit', async () => {
    expect(await audited('text')).toMatchInlineSnapshot(`
      "stdin:1 Pod shop/etcd-n1: allowed
        recorded only: no-host-network, require-cpu-request

      1 subject: none denied; findings: 2 audit
      Why and how: podwright explain no-host-network"
    `);
  });

  test('JUnit', async () => {
    expect(await audited('junit')).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="podwright">
        <testsuite name="stdin:1 Pod shop/etcd-n1" tests="2" failures="0" errors="0" skipped="0" time="0">
          <testcase name="no-host-network" classname="stdin Pod shop/etcd-n1" time="0"><system-out>audit 1:236 hostNetwork is true and bypasses NetworkPolicy; remove it (a node agent needs an exemption) [spec.hostNetwork]</system-out></testcase>
          <testcase name="require-cpu-request" classname="stdin Pod shop/etcd-n1" time="0"><system-out>audit 1:269 container &quot;etcd&quot;: requests no cpu; set resources.requests.cpu [spec.containers[0].resources.requests.cpu]</system-out></testcase>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('annotations', async () => {
    expect(await audited('github')).toMatchInlineSnapshot(`
      "1 subject: none denied; findings: 2 audit
      Why and how: podwright explain no-host-network"
    `);
  });
});

test('what a ceiling switches off is off in explain and no test of JUnit', async () => {
  const off = path.join(path.dirname(file), 'off.yaml');
  await writeFile(off, `${written}workloads: off\n`);
  const deployment = JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ name: 'app', image: 'web:1' }] } } },
  });
  const input = () => Readable.from([deployment]);
  const { output } = await explainManifests(['-'], { policy: off }, input, plain);
  expect(output).not.toContain('pass');
  const junit = await runAudit(
    ['-'],
    { policy: off, output: [{ format: 'junit', file: undefined }], failOn: 'enforce' },
    input,
    plain,
  );
  expect(junit.output).toContain('tests="0"');
});
