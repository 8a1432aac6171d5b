import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { helms, only, type Rendered, render } from '../chart/support/helm.ts';
import { kubeconfigWith, untilReady } from './support/installation.ts';
import { inNode, type Kubectl, kubectlIn, type Printed, wanted } from './support/kubectl.ts';
import { type Replica, startReplica } from './support/replica.ts';
import { hostName } from './support/server-process.ts';
import { until } from './support/until.ts';

// the namespace that charts are rendered for in tests
const home = 'podwright-system';
const policy = {
  extends: 'none',
  rules: { 'no-host-network': { mode: 'enforce' }, 'no-host-pid': { mode: 'enforce' } },
  selfService: { rules: ['no-host-network'], maximumDays: 14, match: { labels: { tier: 'dev' } } },
};
const day = (days: number): string =>
  new Date(Date.now() + days * 24 * 3600_000).toISOString().slice(0, '2027-03-31'.length);

const configMap = (expires: string, rule = 'no-host-network') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'podwright-exemptions' },
  data: {
    'exemptions.yaml': `exemptions:
- name: agent
  rules: [${rule}]
  match: { workloads: [Pod/agent] }
  reason: listens on the node
  owner: team shop
  expires: ${expires}
`,
  },
});
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'agent' },
  spec: { hostNetwork: true, containers: [{ name: 'app', image: 'registry.example/app:1' }] },
};

interface Configuration extends Rendered {
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly service: { readonly path: string } };
  }[];
}

describe.skipIf(helms.length === 0)('with the permissions and the webhook of the chart', () => {
  const objects = render({ mode: 'enforce', policy, selfService: { enabled: true }, events: { enabled: true } });
  const permissions = objects.filter(({ kind }) => /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind));
  const configuration = only<Configuration>(objects, 'ValidatingWebhookConfiguration');
  let folder: string;
  let replica: Replica;
  let kubectl: Kubectl;
  let shop: Kubectl;
  let cart: Kubectl;
  /** A developer, who may do in the namespace what the ClusterRole edit allows. */
  let ann: Kubectl;

  beforeAll(async () => {
    kubectl = await kubectlIn(home);
    const labels = { 'self-service-test': 'yes' };
    shop = await kubectlIn('self-service-shop', { ...labels, tier: 'dev' });
    cart = await kubectlIn('self-service-cart', labels);
    for (const namespace of [shop, cart])
      await wanted(namespace('create', 'rolebinding', 'ann', '--clusterrole=edit', '--user=ann'));
    ann = shop.as('ann');
    await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items: permissions }, 'apply', '-f', '-'));
    const { stdout: token } = await wanted(kubectl('create', 'token', 'podwright'));
    folder = await mkdtemp(join(tmpdir(), 'podwright-'));
    const made = await makeSelfSigned([hostName], new Date());
    const { data } = only<{ data: Record<string, string> } & Rendered>(objects, 'ConfigMap', 'podwright-policy');
    replica = await startReplica({
      certificate: { certFile: await file('tls.crt', made.cert), keyFile: await file('tls.key', made.key) },
      cluster: { kubeconfig: await file('kubeconfig', kubeconfigWith(token.trim())) },
      policyFile: await file('policy.yaml', data['policy.yaml'] ?? ''),
      events: true,
    });
    await untilReady(replica);
    await register(Buffer.from(made.ca).toString('base64'));
  });
  afterAll(async () => {
    await replica?.end('SIGKILL');
    await rm(folder, { recursive: true });
    const left = { apiVersion: 'v1', kind: 'List', items: [...permissions, configuration] };
    await wanted(kubectl.send(left, 'delete', '--ignore-not-found', '-f', '-'));
    await wanted(inNode(['kubectl', 'delete', 'namespace', home, shop.namespace, cart.namespace]));
  });

  async function file(name: string, content: string): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }
  /** As the chart has them, but for where the server is and which namespaces it is asked about. */
  async function register(caBundle: string): Promise<void> {
    const webhooks = configuration.webhooks
      .filter(({ name }) => /^(pods|exemptions)\./.test(name))
      .map((webhook) => ({
        ...webhook,
        clientConfig: { url: `${replica.url}${webhook.clientConfig.service.path}`, caBundle },
        namespaceSelector: { matchLabels: { 'self-service-test': 'yes' } },
      }));
    await wanted(kubectl.send({ ...configuration, webhooks }, 'apply', '-f', '-'));
    await until('the API server to ask', async () => (await create(ann)).code !== 0);
  }
  const create = (who: Kubectl): Promise<Printed> => who.send(pod, 'create', '-f', '-', '--dry-run=server');
  const apply = (who: Kubectl, ...given: Parameters<typeof configMap>): Promise<Printed> =>
    who.send(configMap(...given), 'apply', '-f', '-');

  test('a developer exempts a Pod in the namespace, and its other findings and namespaces stay as they are', async () => {
    expect((await create(ann)).stderr).toContain('Pod self-service-shop/agent is refused by 1 rule: no-host-network');
    const applied = await apply(ann, day(14));
    expect(applied).toEqual({
      code: 0,
      stdout: 'configmap/podwright-exemptions created\n',
      stderr: `Warning: podwright: exempt until ${day(14)}: no-host-network for Pod/agent\n`,
    });
    await until('the exemption', async () => (await create(ann)).code === 0);
    const other = { ...pod, spec: { ...pod.spec, hostPID: true } };
    const refused = await ann.send(other, 'create', '-f', '-', '--dry-run=server');
    expect(refused.stderr).toContain('Pod self-service-shop/agent is refused by 1 rule: no-host-pid');
    expect((await create(cart.as('ann'))).stderr).toContain(
      'Pod self-service-cart/agent is refused by 1 rule: no-host-network',
    );
    expect(await replica.metric('self_service_exemptions')).toBe(1);
  });

  test.each<[string, () => Promise<Printed>, string]>([
    [
      'another rule',
      () => apply(ann, day(14), 'no-host-pid'),
      'exemptions.yaml:3:11: exemptions[0].rules[0]: the policy does not let teams exempt no-host-pid, only no-host-network',
    ],
    [
      'a rule that there is not',
      () => apply(ann, day(14), 'no-host-netwrok'),
      'exemptions.yaml:3:11: exemptions[0].rules[0]: there is no such rule; did you mean "no-host-network"?',
    ],
    [
      'a later end',
      () => apply(ann, day(15)),
      `exemptions.yaml:7:3: exemptions[0].expires: must be ${day(14)} or earlier, not ${day(15)}; the policy allows at most 14 days`,
    ],
    [
      'another namespace',
      () => apply(cart.as('ann'), day(14)),
      'exemptions.yaml:1:1: the policy allows no exemptions in namespace self-service-cart; ask the platform team',
    ],
  ])('what is too broad is denied: %s', async (_, edit, problem) => {
    const { code, stderr } = await edit();
    expect(code).toBe(1);
    expect(stderr).toContain(`because its exemptions are not allowed: ${problem}\nThe exemptions in force stay.\n`);
    expect((await create(ann)).code).toBe(0);
  });

  test('an exemption that has expired is admitted, and exempts nothing', async () => {
    expect((await apply(ann, day(-1))).stderr).toBe(
      `Warning: podwright: no longer exempt since the end of ${day(-1)}: no-host-network for Pod/agent\n`,
    );
    await until('its end', async () => (await create(ann)).code !== 0);
    await wanted(apply(ann, day(1)));
    await until('the exemption', async () => (await create(ann)).code === 0);
    await wanted(ann('delete', 'configmap', 'podwright-exemptions'));
    await until('its end', async () => (await create(ann)).code !== 0);
  });

  test('what was stored past the webhook has no effect, and the log states why', async () => {
    const elsewhere = await kubectlIn('self-service-past', { tier: 'dev' });
    await wanted(apply(elsewhere, day(14), 'no-host-pid'));
    const problem =
      'ConfigMap self-service-past/podwright-exemptions exemptions.yaml:3:11: exemptions[0].rules[0]: the policy does not let teams exempt no-host-pid, only no-host-network';
    await until('the log', async () => replica.lines.some(({ problems }) => problems?.includes(problem)));
    await until('the Event', async () => {
      const { stdout } = await elsewhere('describe', 'configmap', 'podwright-exemptions');
      return /Warning +ExemptionsNotGranted .* not granted: exemptions\.yaml:3:11: .*no-host-pid/.test(stdout);
    });
    expect(await replica.metric('self_service_problems')).toBe(1);
    await wanted(inNode(['kubectl', 'delete', 'namespace', elsewhere.namespace]));
  });

  test('the program may read no other ConfigMap', async () => {
    const account = kubectl.as(`system:serviceaccount:${home}:podwright`);
    const listed = await account('get', 'configmaps', '-A', '--field-selector=metadata.name=podwright-exemptions');
    expect(listed.code).toBe(0);
    expect((await account('get', 'configmaps', '-A')).stderr).toContain('cannot list resource "configmaps"');
    const other = await account('get', 'configmaps', '-A', '--field-selector=metadata.name=kube-root-ca.crt');
    expect(other.stderr).toContain('cannot list resource "configmaps"');
    expect((await account('get', 'configmap', 'kube-root-ca.crt', '-n', shop.namespace)).stderr).toContain(
      'cannot get',
    );
  });
});
