import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import type { V1ConfigMap, V1Lease, V1Secret, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { chart, helms } from '../chart/support/helm.ts';
import { kubectlOf, wanted } from './support/kubectl.ts';

const folder = mkdtempSync(join(tmpdir(), 'podwright-helm-'));
const kubeconfig = join(folder, 'kubeconfig');
writeFileSync(kubeconfig, inject('kubeconfig'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Helm on the cluster, in a namespace of the release. */
function helmOf(helm: string, namespace: string) {
  return (...args: readonly string[]): string =>
    execFileSync(helm, [...args, '--namespace', namespace], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: {
        ...env,
        KUBECONFIG: kubeconfig,
        HELM_CACHE_HOME: folder,
        HELM_CONFIG_HOME: folder,
        HELM_DATA_HOME: folder,
      },
    });
}

const filled = {
  secret: { data: { 'tls.crt': 'Y3J0', 'tls.key': 'a2V5', 'ca.crt': 'Y2E=' } },
  lastValid: { data: { 'last-valid.yaml': 'kind: Policy' } },
  lease: { spec: { holderIdentity: 'podwright-0', leaseDurationSeconds: 15 } },
};
// any certificate; the API server looks whether it is one
const caBundle = (): string =>
  Buffer.from(/certificate-authority-data: (\S+)/.exec(inject('kubeconfig'))?.[1] ?? '', 'base64').toString('base64');

describe.skipIf(helms.length === 0).each(helms.length === 0 ? ['helm'] : helms)('%s', (helm) => {
  const namespace = `chart-${helm}`;
  const kubectl = kubectlOf(namespace);
  const run = helmOf(helm, namespace);
  const patch = (object: string, type: string, content: object) =>
    wanted(kubectl('patch', object, '--type', type, '--patch', JSON.stringify(content)));

  /** What the program keeps in the cluster, as it is now. */
  async function kept() {
    const secret = await kubectl.get<V1Secret>('secret', 'podwright-certificate');
    const lease = await kubectl.get<V1Lease>('lease', 'podwright');
    const lastValid = await kubectl.get<V1ConfigMap>('configmap', 'podwright-policy-last-valid');
    const configuration = await kubectl.get<V1ValidatingWebhookConfiguration>(
      'validatingwebhookconfiguration',
      'podwright',
    );
    return {
      secret: { data: secret.data },
      lastValid: { data: lastValid.data },
      lease: { spec: lease.spec },
      bundles: configuration.webhooks?.map(({ clientConfig }) => clientConfig.caBundle),
      failurePolicies: configuration.webhooks?.map(({ failurePolicy }) => failurePolicy),
    };
  }

  test('an upgrade, a rollback and a change of everything leave what the program has filled', async () => {
    run('install', 'podwright', chart, '--create-namespace', '--set', 'replicas=1');
    const bundles = [0, 1, 2].map((index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: caBundle(),
    }));
    await patch('secret/podwright-certificate', 'merge', filled.secret);
    await patch('lease/podwright', 'merge', filled.lease);
    await patch('configmap/podwright-policy-last-valid', 'merge', filled.lastValid);
    await patch('validatingwebhookconfiguration/podwright', 'json', bundles);
    const before = await kept();
    expect(before).toMatchObject({
      ...filled,
      bundles: [caBundle(), caBundle(), caBundle()],
      failurePolicies: ['Ignore', 'Ignore', 'Ignore'],
    });

    run('upgrade', 'podwright', chart, '--set', 'replicas=1,mode=enforce,labels.new=label,annotations.new=annotation');
    expect(await kept()).toEqual({ ...before, failurePolicies: ['Fail', 'Ignore', 'Ignore'] });
    run('rollback', 'podwright', '1');
    expect(await kept()).toEqual(before);
  });

  test('uninstalling leaves nothing', async () => {
    run('uninstall', 'podwright', '--wait');
    const kinds = 'secrets,leases,deployments,services,serviceaccounts,configmaps,roles,rolebindings,resourcequotas';
    const { stdout: inside } = await kubectl('get', `${kinds},networkpolicies,poddisruptionbudgets`, '-o', 'name');
    const left = inside
      .split('\n')
      .filter((name) => !/^(|configmap\/kube-root-ca.crt|serviceaccount\/default)$/.test(name));
    expect(left).toEqual([]);
    const cluster = 'mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings';
    const { stdout: outside } = await kubectl('get', cluster, '-o', 'name');
    expect(outside.split('\n').filter((name) => name.includes('podwright'))).toEqual([]);
  });
});
