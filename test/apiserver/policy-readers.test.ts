import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { chart, helms } from '../chart/support/helm.ts';
import { helmIn } from '../e2e/support/helm.ts';
import { type CommandLine, openCommandLine } from './support/command-line.ts';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { until } from './support/until.ts';

const system = 'readers-system';
let shop: Kubectl;
let commandLine: CommandLine;
let dev: string;

/** What the program says about its sources to a developer with the ClusterRole view in one namespace. */
async function said(...args: readonly string[]): Promise<string> {
  return (await commandLine.podwright(args, dev)).stderr;
}

describe.skipIf(helms.length === 0)('a team with the ClusterRole view in its namespace', () => {
  beforeAll(async () => {
    commandLine = await openCommandLine();
    shop = await kubectlIn('readers-shop');
    await wanted(shop('create', 'serviceaccount', 'dev'));
    await wanted(shop('create', 'rolebinding', 'dev', '--clusterrole=view', `--serviceaccount=${shop.namespace}:dev`));
    const { stdout: token } = await wanted(shop('create', 'token', 'dev'));
    const config = parse(inject('kubeconfig')) as { users: { user: object }[] };
    for (const entry of config.users) entry.user = { token: token.trim() };
    dev = await commandLine.file('dev', stringify(config));
    const reader = { kind: 'ServiceAccount', name: 'dev', namespace: shop.namespace };
    const values = JSON.stringify({ policyReaders: [reader] });
    await helmIn(system)('install', 'podwright', chart, '--create-namespace', '--set-json', `rbac=${values}`);
    await until('the extended ClusterRole', async () => {
      const { stdout } = await shop(
        'auth',
        'can-i',
        'list',
        'podtemplates',
        `--as=system:serviceaccount:${shop.namespace}:dev`,
      );
      return stdout.trim() === 'yes';
    });
  });
  afterAll(async () => {
    await commandLine.close();
    await helmIn(system)('uninstall', 'podwright');
  });

  const user = 'User "system:serviceaccount:readers-shop:dev"';
  /** The role `view` allows no one to read bindings, and a RoleBinding nothing of the cluster. */
  const unread = [
    `not read: clusterrolebindings.rbac.authorization.k8s.io, priorityclasses.scheduling.k8s.io: ${user} cannot list them at the cluster scope`,
    `not read: rolebindings.rbac.authorization.k8s.io is forbidden: ${user} cannot list resource "rolebindings" in API group "rbac.authorization.k8s.io" in the namespace "readers-shop"`,
    '',
  ].join('\n');

  test('previews it with the policy in force, and reads everything in it but bindings', async () => {
    const place = ['--namespace', shop.namespace, '--policy-namespace', system];
    const policy = `policy: ConfigMap ${system}/podwright-policy`;
    expect(await said('preview', ...place)).toBe(`${policy}, as if every mode ceiling were enforce\n${unread}`);
    expect(await said('audit', '--cluster', ...place)).toBe(`${policy}\n${unread}`);
  });

  test('learns how to name the namespace of the policy', async () => {
    expect(await said('preview', '--namespace', shop.namespace)).toBe(
      `policy: the built-in one (the cluster's own may not be read: configmaps is forbidden: User "system:serviceaccount:readers-shop:dev" cannot list resource "configmaps" in API group "" at the cluster scope; if you may read it in its namespace, specify --policy-namespace), as if every mode ceiling were enforce\n${unread}`,
    );
  });

  test('may read no other ConfigMap there, nor list them', async () => {
    const as = `--as=system:serviceaccount:${shop.namespace}:dev`;
    const may = async (...args: string[]) => (await shop('auth', 'can-i', ...args, '-n', system, as)).stdout.trim();
    expect(await may('get', 'configmap/podwright-policy')).toBe('yes');
    expect(await may('get', 'configmap/kube-root-ca.crt')).toBe('no');
    expect(await may('list', 'configmaps')).toBe('no');
  });
});
