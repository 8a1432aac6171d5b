import { expect, test } from 'vitest';
import { decide } from '../../../src/admission/decide.ts';
import { type AdmissionRequest, requestOf } from '../../../src/admission/review.ts';
import { onlyRules, withBrokenRule } from '../../support/policies.ts';
import { scannedDeployment } from '../../support/scanned-subject.ts';
import { badPod, policyOf, reviewText, testMetrics } from '../support.ts';

test('names, labels and zeros are these', async () => {
  const { metrics } = testMetrics();
  const text = await metrics.registry.metrics();
  const series = text
    .split('\n')
    .filter((line) => line.startsWith('podwright_') && !line.includes('_bucket'))
    .map((line) => line.replace(/node="v[^"]+"/, 'node="v24"').replace(/(event_loop_delay_seconds) .*/, '$1 …'));
  expect(series.toSorted()).toMatchInlineSnapshot(`
    [
      "podwright_admission_deadline_exceeded_total 0",
      "podwright_admission_duration_seconds_count{webhook="mutate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_count{webhook="pods.validate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_count{webhook="policy.validate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_count{webhook="workloads.validate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_sum{webhook="mutate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_sum{webhook="pods.validate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_sum{webhook="policy.validate.podwright.dev"} 0",
      "podwright_admission_duration_seconds_sum{webhook="workloads.validate.podwright.dev"} 0",
      "podwright_admission_in_flight 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="CREATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="mutate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="pods.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="policy.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="allow",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="audit_deny",dry_run="true"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="false"} 0",
      "podwright_admission_requests_total{webhook="workloads.validate.podwright.dev",operation="UPDATE",verdict="deny",dry_run="true"} 0",
      "podwright_admission_shed_total{reason="bytes"} 0",
      "podwright_admission_shed_total{reason="idle"} 0",
      "podwright_admission_shed_total{reason="unproven"} 0",
      "podwright_build_info{version="0.0.0",node="v24"} 1",
      "podwright_certificate_expiry_timestamp_seconds 0",
      "podwright_event_loop_delay_seconds …",
      "podwright_fixes_total{rule="no-host-network"} 0",
      "podwright_fixes_total{rule="require-cpu-request"} 0",
      "podwright_log_lines_dropped_total 0",
      "podwright_policy_last_reload_successful 0",
      "podwright_policy_last_reload_timestamp_seconds 0",
      "podwright_policy_reloads_total{result="failure"} 0",
      "podwright_policy_reloads_total{result="success"} 0",
      "podwright_rejected_patches_total 0",
      "podwright_rule_failures_total{rule="no-host-network"} 0",
      "podwright_rule_failures_total{rule="require-cpu-request"} 0",
    ]
  `);
});

test('a decision is counted by webhook, verdict and rule', async () => {
  const { metrics, valueOf } = testMetrics();
  const request = requestOf(JSON.parse(reviewText(badPod))) as AdmissionRequest;
  const decision = decide('validate', request, { policy: policyOf('enforce'), minor: 36 });
  const [rule] = policyOf('enforce').rules;
  if (rule === undefined) throw new Error('there is no rule');
  metrics.recordDecision(decision, 0.003);
  const failures = [{ rule: rule.rule, error: new Error('no') }];
  metrics.recordDecision(
    {
      ...decision,
      request: { ...request, operation: 'whatever a client sends', dryRun: true },
      findings: [],
      fixedRules: ['require-cpu-request'],
      failures,
      rejectedPatch: new Error('no'),
    },
    1,
  );
  const webhook = 'webhook="pods.validate.podwright.dev"';
  const counted = [
    `admission_requests_total{${webhook},operation="CREATE",verdict="deny",dry_run="false"}`,
    `admission_requests_total{${webhook},operation="other",verdict="deny",dry_run="true"}`,
    `admission_duration_seconds_sum{${webhook}}`,
    `admission_duration_seconds_bucket{le="0.005",${webhook}}`,
    'findings_total{rule="no-host-network",mode="enforce",would="deny",source="pod"}',
    'fixes_total{rule="require-cpu-request"}',
    `rule_failures_total{rule="${rule.rule.id}"}`,
    'rejected_patches_total',
  ];
  expect(await Promise.all(counted.map(valueOf))).toEqual([1, 1, 1.003, 1, 1, 1, 1, 1]);
});

test('what a scan finds is counted as such, and what broke in it with the rest', async () => {
  const { metrics, valueOf } = testMetrics();
  const policy = onlyRules(['no-privileged-containers', 'no-privilege-escalation'], { fixes: false });
  metrics.recordScanned(scannedDeployment('web', ['app', 'side'], withBrokenRule(policy)));
  const counted = [
    'findings_total{rule="no-privileged-containers",mode="enforce",would="deny",source="scan"}',
    'rule_failures_total{rule="no-privilege-escalation"}',
    'rejected_patches_total',
  ];
  expect(await Promise.all(counted.map(valueOf))).toEqual([2, 1, 0]);
});

test('a blocked event loop shows once', async () => {
  const { metrics, valueOf } = testMetrics();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  await pause();
  const end = performance.now() + 150;
  while (performance.now() < end);
  await pause();
  expect(await valueOf('event_loop_delay_seconds')).toBeGreaterThan(0.1);
  // A busy machine delays it too, but not again and again.
  await expect.poll(() => valueOf('event_loop_delay_seconds')).toBeLessThan(0.1);
  metrics.close();
});
