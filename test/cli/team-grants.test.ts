import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { progressLine } from '../../src/cli/progress-line.ts';
import { runAudit } from '../../src/cli/run-audit.ts';
import { runClusterAudit } from '../../src/cli/run-cluster-audit.ts';
import { runPreview } from '../../src/cli/run-preview.ts';
import { container, privileged, workload } from '../audit/support/objects.ts';
import type { FakeAnswer, FakeRequest } from '../cluster/support/fake-api.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';
import { testFolder } from '../server/support.ts';

afterEach(() => vi.unstubAllEnvs());

const tomorrow = new Date(Date.now() + 24 * 3600_000).toISOString().slice(0, '2027-03-31'.length);

const policy = (selfService: string): string => `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
mode: enforce
rules: { no-privileged-containers: { mode: enforce } }
${selfService}
`;
const allowing = policy('selfService: { rules: [no-privileged-containers], maximumDays: 7 }');

const configMap = (namespace: string, name: string, key: string, text: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name },
  data: { [key]: text },
});
const teamText = (rule: string): string => `exemptions:
  - name: legacy
    rules: [${rule}]
    match: { workloads: [Deployment/web] }
    reason: the driver needs it
    owner: team shop
    expires: ${tomorrow}
`;
const ofTeam = (namespace: string, rule: string) =>
  configMap(namespace, 'podwright-exemptions', 'exemptions.yaml', teamText(rule));

const web = (namespace: string) => {
  const { metadata, ...rest } = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]);
  return { ...rest, metadata: { ...metadata, namespace } };
};

async function startCluster(
  inForce: string,
  interference?: (request: FakeRequest) => FakeAnswer | undefined,
): Promise<void> {
  const configMaps = [
    configMap('system', 'podwright-policy', 'policy.yaml', inForce),
    ofTeam('cart', 'no-host-network'),
    ofTeam('shop', 'no-privileged-containers'),
  ];
  const api = await startClusterOf(
    {
      '/api/v1/namespaces': storedObjects(
        'Namespace',
        ['cart', 'shop'].map((name) => ({ metadata: { name } })),
      ),
      '/api/v1/limitranges': storedObjects('LimitRange', []),
      '/api/v1/configmaps': storedObjects('ConfigMap', configMaps),
      '/apis/apps/v1/deployments': storedObjects('Deployment', [web('cart'), web('shop')]),
    },
    interference,
  );
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
}

const silent = () => progressLine(Object.assign(new PassThrough(), { isTTY: false }) as never);

async function preview(candidate?: string) {
  const file = join(testFolder(), 'new.yaml');
  if (candidate !== undefined) writeFileSync(file, candidate);
  const options = { output: 'json' as const, kubernetesVersion: 36, ...(candidate !== undefined && { policy: file }) };
  const { output, messages } = await runPreview(options, plain, silent());
  const { namespaces, endingExemptions } = JSON.parse(output) as {
    readonly namespaces: readonly { readonly namespace: string; readonly denied: number }[];
    readonly endingExemptions: readonly object[];
  };
  return {
    denied: namespaces.map(({ namespace, denied }) => `${namespace} ${denied}`),
    endingExemptions,
    messages: messages.map((line) => line.replaceAll(file, 'new.yaml')),
  };
}

const refusedInCart =
  'no effect: ConfigMap cart/podwright-exemptions exemptions.yaml:3:13: exemptions[0].rules[0]: the policy does not let teams exempt no-host-network, only no-privileged-containers';

test('preview counts what the policy grants, and says what it does not', async () => {
  await startCluster(allowing);
  const { denied, endingExemptions, messages } = await preview();
  expect(messages).toEqual([
    'policy: ConfigMap system/podwright-policy, as if every mode ceiling were enforce',
    'exemptions of teams: 1 exemption granted',
    refusedInCart,
  ]);
  expect(denied).toEqual(['shop 0', 'cart 1']);
  expect(endingExemptions).toMatchObject([
    { name: 'shop/podwright-exemptions/legacy', expires: tomorrow, owner: 'team shop' },
  ]);
});

test('preview compares a policy that grants nothing with one that does', async () => {
  await startCluster(allowing);
  const { denied, messages } = await preview(policy(''));
  expect(messages).toEqual(['policy: new.yaml, compared with ConfigMap system/podwright-policy']);
  expect(denied).toEqual(['cart 1', 'shop 1']);
});

test('exemptions that may not be read are named', async () => {
  const message = 'configmaps is forbidden: User "ann" cannot list resource "configmaps" in API group ""';
  await startCluster(allowing, ({ query }) =>
    query.get('fieldSelector') === 'metadata.name=podwright-exemptions'
      ? { status: 403, body: { kind: 'Status', message, code: 403 } }
      : undefined,
  );
  const { denied, messages } = await preview();
  expect(messages).toEqual([
    'policy: ConfigMap system/podwright-policy, as if every mode ceiling were enforce',
    `not read: ${message}`,
  ]);
  expect(denied).toEqual(['cart 1', 'shop 1']);
});

/** The results of checks in JUnit: `skipped exempt: …`. */
const results = (junit: string): string[] =>
  [...junit.matchAll(/<(failure|skipped) [^>]*message="([^"]*)"/g)].map(([, result, text]) => `${result} ${text}`);

const asJUnit = { failOn: 'enforce', output: [{ format: 'junit', file: undefined }] } as const;

test('an audit of the cluster shows them with reason and owner', async () => {
  await startCluster(allowing);
  const { output, messages, exitCode } = await runClusterAudit({ ...asJUnit, kubernetesVersion: 36 }, plain, silent());
  expect(exitCode).toBe(1);
  expect(messages).toEqual([
    'policy: ConfigMap system/podwright-policy',
    'exemptions of teams: 1 exemption granted',
    refusedInCart,
  ]);
  expect(results(output)).toEqual([
    'failure container &quot;app&quot;: is privileged; remove securityContext.privileged and add only the capabilities it needs',
    'skipped exempt: the driver needs it (shop/podwright-exemptions/legacy of team shop)',
  ]);
});

test('an audit of files does not believe such a ConfigMap', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'policy.yaml'), allowing);
  const objects = [ofTeam('shop', 'no-privileged-containers'), web('shop')];
  writeFileSync(join(folder, 'all.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const options = { ...asJUnit, policy: join(folder, 'policy.yaml') };
  const { output, exitCode } = await runAudit([join(folder, 'all.json')], options, () => process.stdin, plain);
  expect(exitCode).toBe(1);
  expect(results(output)).toEqual([
    'failure container &quot;app&quot;: is privileged; remove securityContext.privileged and add only the capabilities it needs',
  ]);
});
