import { expect, test } from 'vitest';
import type { AdmissionReview } from '../../../src/admission/review.ts';
import { resolve } from '../../../src/policy/resolve.ts';
import { rules } from '../../../src/rules/index.ts';
import type { AppDependencies } from '../../../src/server/webhook/app.ts';
import { startApp } from '../support.ts';

const match = { labels: { tier: 'dev' } };
const policy = resolve({ selfService: { rules: ['require-cpu-request'], match } }, rules);
const now = Date.parse('2026-11-28T12:00:00Z');

function reviewOf(text: string): string {
  const data = { 'exemptions.yaml': text };
  const metadata = { name: 'podwright-exemptions', namespace: 'shop' };
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'uid-1',
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      name: metadata.name,
      namespace: metadata.namespace,
      operation: 'CREATE',
      userInfo: { username: 'ann' },
      object: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data },
    },
  });
}

const text = (rule: string): string => `exemptions:
  - name: cpu
    rules: [${rule}]
    match: { workloads: [Deployment/web] }
    reason: r
    owner: shop
    expires: 2026-12-05
`;

async function start(options: Partial<AppDependencies> = {}) {
  let labels: { tier: string } | undefined;
  const { client, lines, valueOf } = await startApp({
    world: {
      at: () => ({ policy, minor: 36, now, namespaceLabels: labels }),
      settled: async (namespace) => void (labels = { tier: namespace === 'shop' ? 'dev' : 'other' }),
    },
    ...options,
  });
  const answerTo = async (written: string) => {
    const { text: answer } = await client.post('/validate-exemptions?timeout=5s', reviewOf(written));
    return (JSON.parse(answer) as AdmissionReview).response;
  };
  return { answerTo, lines, valueOf };
}

test('an edit is read and granted as it will be in force, once the namespace is known', async () => {
  const { answerTo, valueOf } = await start();
  expect((await answerTo(text('require-cpu-request'))).warnings).toEqual([
    'podwright: exempt until 2026-12-05: require-cpu-request for Deployment/web',
  ]);
  expect((await answerTo(text('no-host-network'))).status?.message).toBe(
    [
      'ConfigMap shop/podwright-exemptions is refused, because its exemptions are not allowed: exemptions.yaml:3:13: exemptions[0].rules[0]: the policy does not let teams exempt no-host-network, only require-cpu-request',
      'The exemptions in force stay.',
    ].join('\n'),
  );
  const series = 'admission_requests_total{webhook="exemptions.validate.podwright.dev",operation="CREATE"';
  expect(await valueOf(`${series},verdict="allow",dry_run="false"}`)).toBe(1);
  expect(await valueOf(`${series},verdict="deny",dry_run="false"}`)).toBe(1);
});

test('an edit that cannot be checked is admitted, and says so', async () => {
  const readExemptions = () => Promise.reject(new Error('a bug'));
  const { answerTo, lines } = await start({ readExemptions });
  expect(await answerTo('x')).toEqual({
    uid: 'uid-1',
    allowed: true,
    auditAnnotations: { verdict: 'allow' },
    warnings: ['podwright: the exemptions could not be checked; see the log'],
  });
  expect(lines.map(({ msg }) => msg)).toContain('an edit of exemptions could not be checked; please report this');
});
