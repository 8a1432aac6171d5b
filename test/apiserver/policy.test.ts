import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CoreV1Event, V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.ts';
import { rules } from '../../src/rules/index.ts';
import { makeSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { helms, only, type Rendered, render } from '../chart/support/helm.ts';
import { kubeconfigWith, quick, untilReady } from './support/installation.ts';
import { inNode, type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { type Replica, startReplica } from './support/replica.ts';
import { hostName } from './support/server-process.ts';
import { until } from './support/until.ts';

// the namespace that charts are rendered for in tests
const home = 'podwright-system';
const textOf = (more: string): string => `apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${more}`;
const first = textOf('mode: audit\n');
const wrong = textOf('mode: audit\ncontrolers: warn\nrules:\n  no-host-netwrok: { mode: off }\n');
const right = textOf(`mode: warn
rules:
  no-host-pid: { mode: off }
namespaces:
- match: { names: [shop] }
  mode: enforce
`);
const hashOf = async (text: string): Promise<string> => {
  const loaded = await loadPolicy(text, rules);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy.hash;
};
const denial = `admission webhook "policy.validate.podwright.dev" denied the request: ConfigMap podwright-system/podwright-policy is refused, because its policy has 2 problems: policy.yaml:4:1: controlers: unknown key; did you mean "controllers"?
  policy.yaml:6:3: rules.no-host-netwrok: there is no such rule; did you mean "no-host-network"?
The policy in force stays. To check a policy beforehand: podwright policy check FILE
`;

describe.skipIf(helms.length === 0)('with the permissions and the webhook of the chart', () => {
  const objects = render().filter(({ kind }) => kind !== 'Pod' && kind !== 'MutatingWebhookConfiguration');
  const configuration = only<Configuration>(objects, 'ValidatingWebhookConfiguration');
  const replicas: Replica[] = [];
  let kubectl: Kubectl;
  let folder: string;
  let certificate: { readonly certFile: string; readonly keyFile: string };
  let caBundle: string;

  beforeAll(async () => {
    kubectl = await kubectlIn(home);
    folder = await mkdtemp(join(tmpdir(), 'podwright-'));
    const made = await makeSelfSigned([hostName], new Date());
    caBundle = Buffer.from(made.ca).toString('base64');
    certificate = { certFile: await file('tls.crt', made.cert), keyFile: await file('tls.key', made.key) };
    const installed = objects.filter(({ kind }) => kind !== 'ValidatingWebhookConfiguration').map(withoutPods);
    await wanted(kubectl.send({ apiVersion: 'v1', kind: 'List', items: installed }, 'apply', '-f', '-'));
    await wanted(apply(first));
    const { stdout: token } = await wanted(kubectl('create', 'token', 'podwright'));
    await file('kubeconfig', kubeconfigWith(token.trim()));
    replicas.push(...(await Promise.all([start(first), start(first)])));
    await untilReady(...replicas);
    await register();
  });
  afterAll(async () => {
    await Promise.all(replicas.map(({ end }) => end('SIGKILL')));
    await rm(folder, { recursive: true });
    const left = { apiVersion: 'v1', kind: 'List', items: objects };
    await wanted(kubectl.send(left, 'delete', '--ignore-not-found', '-f', '-'));
    await wanted(inNode(['kubectl', 'delete', 'namespace', home]));
  });

  async function file(name: string, content: string): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }
  /** A replica whose mount of the ConfigMap holds the text, and that of the last valid policy another. */
  async function start(mounted: string, lastValid?: string): Promise<Replica> {
    const number = replicas.length + Math.random();
    return startReplica({
      certificate,
      cluster: { kubeconfig: join(folder, 'kubeconfig') },
      election: { lease: 'podwright', namespace: home, timing: quick.lease },
      policyFile: await file(`policy-${number}.yaml`, mounted),
      policyFallback: lastValid && (await file(`last-valid-${number}.yaml`, lastValid)),
      policyConfigMap: { name: 'podwright-policy', deployment: 'podwright' },
    });
  }
  /** As the chart has it, but for where the server is. */
  async function register(): Promise<void> {
    const ofPolicy = configuration.webhooks.find(({ name }) => name === 'policy.validate.podwright.dev');
    const path = ofPolicy?.clientConfig.service.path;
    const clientConfig = { url: `${replicas[0]?.url}${path}`, caBundle };
    const webhooks = [{ ...ofPolicy, clientConfig }];
    await wanted(kubectl.send({ ...configuration, webhooks }, 'apply', '-f', '-'));
    await until('the API server to ask', async () => (await apply(wrong, '--dry-run=server')).code !== 0);
  }
  const configMapOf = (text: string, labels?: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'podwright-policy', namespace: home, labels },
    data: { 'policy.yaml': text },
  });
  const labels = only(objects, 'ConfigMap', 'podwright-policy').metadata.labels;
  const apply = (text: string, ...flags: string[]) =>
    kubectl.send(configMapOf(text, labels), 'apply', '-f', '-', ...flags);
  async function untilInForce(text: string): Promise<void> {
    const { policy } = (await loadPolicy(text, rules)) as { policy: { hash: string; mode: string } };
    const series = `policy_info{hash="${policy.hash}",mode="${policy.mode}"}`;
    for (const { metric } of replicas)
      await until('the policy to be in force', async () => (await metric(series)) === 1);
  }
  const kept = async (): Promise<string | undefined> =>
    (await kubectl.get<V1ConfigMap>('configmap', 'podwright-policy-last-valid')).data?.['last-valid.yaml'];
  async function eventsOn(kind: string, reason: string): Promise<string[]> {
    const { items } = await kubectl.get<{ items: CoreV1Event[] }>('events', `--field-selector=reason=${reason}`);
    const { metadata } = await kubectl.get<V1ConfigMap>(
      kind.toLowerCase(),
      kind === 'ConfigMap' ? 'podwright-policy' : 'podwright',
    );
    const about = items.filter(({ involvedObject: { kind: of, uid } }) => of === kind && uid === metadata?.uid);
    return about.map(({ type, message }) => `${type} ${message}`);
  }

  test('an invalid policy is denied with line, column and suggestion, however it is applied', async () => {
    const applied = await apply(wrong);
    expect(applied.code).toBe(1);
    expect(applied.stderr.slice(applied.stderr.indexOf('admission webhook'))).toBe(denial);
    const dryRun = await apply(wrong, '--dry-run=server', '--server-side', '--force-conflicts');
    expect(dryRun.stderr).toBe(`Error from server (Forbidden): ${denial}`);
    // a replace loses the labels
    const replaced = await kubectl.send(configMapOf(wrong), 'replace', '-f', '-');
    expect(replaced.stderr.slice(replaced.stderr.indexOf('admission webhook'))).toBe(denial);
    const emptied = await kubectl(
      'patch',
      'configmap',
      'podwright-policy',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/data"}]',
    );
    expect(emptied.stderr).toContain('because its policy is invalid: data has no key policy.yaml\n');
  });

  test('a valid policy is admitted with a warning, and is in force in all replicas', async () => {
    expect(await apply(right)).toEqual({
      code: 0,
      stdout: 'configmap/podwright-policy configured\n',
      stderr:
        'Warning: podwright: policy changes: mode audit -> warn; namespaces shop added (mode enforce); rule enforce -> off: no-host-pid\n',
    });
    await untilInForce(right);
    await until('the last valid policy', async () => (await kept()) === right);
    expect(await eventsOn('ConfigMap', 'PolicyInForce')).toContain(
      `Normal policy ${await hashOf(right)} is in force: mode audit -> warn; namespaces shop added (mode enforce); rule enforce -> off: no-host-pid`,
    );
    // other ConfigMaps are not checked
    await wanted(kubectl('create', 'configmap', 'other', '--from-literal=policy.yaml=wrong'));
  });

  test('if an invalid policy is stored, the last valid one stays in force, also after a restart', async () => {
    await wanted(kubectl('delete', 'validatingwebhookconfiguration', 'podwright'));
    await until('a wrong policy to get in', async () => (await apply(wrong)).code === 0);
    const isTold = ({ lines }: Replica): boolean => lines.some(({ problems }) => problems !== undefined);
    await until('both replicas to log it', async () => replicas.every(isTold));
    await untilInForce(right);
    expect(await Promise.all(replicas.map(({ readiness }) => readiness()))).toEqual(['ok', 'ok']);
    const message = `Warning there is no valid policy, so the last valid one (${await hashOf(right)}) stays in force: ConfigMap podwright-system/podwright-policy policy.yaml:4:1: controlers: unknown key; did you mean "controllers"?; and 1 more`;
    for (const kind of ['ConfigMap', 'Deployment'])
      await until('an Event', async () => (await eventsOn(kind, 'PolicyInvalid')).includes(message));

    await replicas.pop()?.end('SIGKILL');
    await expect(start(wrong)).rejects.toThrow(/^the replica ended with 2: .*:4:1: controlers: unknown key/);
    replicas.push(await start(wrong, await kept()));
    await untilReady(...replicas);
    await untilInForce(right);
    expect(await kept()).toBe(right);
  });

  test('a deleted last valid policy is recreated, without permission to create other ConfigMaps', async () => {
    await wanted(kubectl('delete', 'configmap', 'podwright-policy-last-valid'));
    await wanted(apply(first));
    await untilInForce(first);
    await until('the last valid policy', async () => {
      const found = await kubectl(
        'get',
        'configmap',
        'podwright-policy-last-valid',
        '--ignore-not-found',
        '-o',
        'name',
      );
      return found.stdout !== '' && (await kept()) === first;
    });
    const account = `system:serviceaccount:${home}:podwright`;
    const mayCreate = await kubectl('auth', 'can-i', 'create', 'configmaps', `--as=${account}`);
    expect(mayCreate.stdout).toBe('no\n');
    expect(replicas.flatMap(({ lines }) => lines.filter(({ level }) => level === 'warn'))).toEqual([]);
  });
});

/** The part that the test changes. */
interface Configuration {
  readonly webhooks: readonly {
    readonly name: string;
    readonly clientConfig: { readonly service: { readonly path: string } };
  }[];
}

/** The Deployment is there for Events; its Pods would need an image. */
function withoutPods(object: Rendered): object {
  const { kind, spec } = object as Rendered & { readonly spec?: object };
  return kind === 'Deployment' ? { ...object, spec: { ...spec, replicas: 0 } } : object;
}
