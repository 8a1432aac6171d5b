import { expect, test } from 'vitest';
import { decide } from '../../../src/admission/decide.ts';
import { type AdmissionRequest, requestOf } from '../../../src/admission/review.ts';
import { onlyRules } from '../../support/policies.ts';
import { scannedDeployment } from '../../support/scanned-subject.ts';
import { badPod, policyOf, reviewText, testMetrics } from '../support.ts';

const request = requestOf(JSON.parse(reviewText(badPod))) as AdmissionRequest;
const webhook = 'webhook="pods.validate.podwright.dev",operation="CREATE",verdict="deny",dry_run="false"';
const finding = 'rule="no-host-network",mode="enforce",would="deny"';

/** Metrics, and how to have them count a denial and a fix in a namespace. */
function counting(maxNamespaces: number) {
  const { metrics, valueOf } = testMetrics({ maxNamespaces });
  const policy = policyOf('enforce');
  const deny = (namespace: string): void => {
    const decision = decide('validate', { ...request, namespace }, { policy, minor: 36 });
    metrics.recordDecision({ ...decision, fixedRules: ['require-cpu-request'] }, 0.001);
  };
  const names = async (): Promise<string[]> => {
    const text = await metrics.registry.metrics();
    return [...new Set([...text.matchAll(/namespace="([^"]*)"/g)].map(([, name = '']) => name))].toSorted();
  };
  return { metrics, valueOf, deny, names };
}

test('verdicts, findings and fixes are counted by namespace', async () => {
  const { metrics, valueOf, deny } = counting(2);
  for (const namespace of ['shop', 'pay', 'shop']) deny(namespace);
  const policy = onlyRules(['no-privileged-containers'], { fixes: false });
  metrics.recordScanned(scannedDeployment('web', ['app', 'side'], policy));
  const counted = [
    `admission_requests_total{${webhook},namespace="shop"}`,
    `admission_requests_total{${webhook},namespace="pay"}`,
    `findings_total{${finding},source="pod",namespace="shop"}`,
    'fixes_total{rule="require-cpu-request",namespace="shop"}',
    'findings_total{rule="no-privileged-containers",mode="enforce",would="deny",source="scan",namespace="shop"}',
  ];
  expect(await Promise.all(counted.map(valueOf))).toEqual([2, 1, 2, 2, 2]);
});

test('namespaces beyond the maximum share a series, as do requests without one', async () => {
  const { valueOf, deny, names } = counting(200);
  for (let index = 0; index < 5_000; index++) deny(`team-${index}`);
  deny('team-7');
  deny('');
  expect(await names()).toEqual(['_other', ...Array.from({ length: 200 }, (_, index) => `team-${index}`)].toSorted());
  expect(await valueOf(`admission_requests_total{${webhook},namespace="_other"}`)).toBe(4_801);
  expect(await valueOf(`admission_requests_total{${webhook},namespace="team-7"}`)).toBe(2);
});

test('series do not grow with further namespaces, whatever they are called', async () => {
  const { metrics, deny } = counting(3);
  const series = async (): Promise<number> => (await metrics.registry.metrics()).split('\n').length;
  for (const namespace of ['a', 'b', 'c', '_other', 'd']) deny(namespace);
  const before = await series();
  for (let index = 0; index < 1_000; index++) deny(`pr-${index}`);
  expect(await series()).toBe(before);
});

test('without a maximum there is no label', async () => {
  const { valueOf, deny, names } = counting(0);
  deny('shop');
  deny('pay');
  expect([await names(), await valueOf(`admission_requests_total{${webhook}}`)]).toEqual([[], 2]);
});
