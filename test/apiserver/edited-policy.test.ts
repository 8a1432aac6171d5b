import type { V1ConfigMap, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { chart, helms } from '../chart/support/helm.ts';
import { helmIn } from '../e2e/support/helm.ts';
import { inNode, kubectlIn, wanted } from './support/kubectl.ts';

const policy = (mode: string): string => `apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: ${mode}\n`;

/** A namespace for a release, and what operators do there. */
async function startTrial(program: string, name: string) {
  const kubectl = await kubectlIn(`${name}-${program}`);
  const helm = helmIn(kubectl.namespace, program);
  const editor = `KUBE_EDITOR=sed -i "s/mode: [a-z]*/mode: off/"`;
  return {
    kubectl,
    helm,
    install: (...values: readonly string[]) => helm('install', 'podwright', chart, ...values.flatMap(set)),
    upgrade: (...values: readonly string[]) => helm('upgrade', 'podwright', chart, ...values.flatMap(set)),
    rollback: (revision: number) => helm('rollback', 'podwright', String(revision)),
    edit: () =>
      wanted(inNode(['env', editor, 'kubectl', '-n', kubectl.namespace, 'edit', 'configmap/podwright-policy'])),
    keep: () => wanted(kubectl('annotate', 'configmap/podwright-policy', 'helm.sh/resource-policy=keep')),
    /** The mode of the policy, and what happens to Pods while Podwright is down. */
    async state() {
      const { data } = await kubectl.get<V1ConfigMap>('configmap', 'podwright-policy');
      const { webhooks } = await kubectl.get<V1ValidatingWebhookConfiguration>(
        'validatingwebhookconfiguration',
        'podwright',
      );
      return [/^mode: (\w+)$/m.exec(data?.['policy.yaml'] ?? '')?.[1], webhooks?.[0]?.failurePolicy];
    },
    async uninstall() {
      await helm('uninstall', 'podwright', '--wait');
      const { stdout } = await kubectl('get', 'configmaps', '-o', 'name');
      await wanted(kubectl('delete', 'namespace', kubectl.namespace, '--wait=false'));
      return stdout.split('\n').filter((name) => name !== '' && name !== 'configmap/kube-root-ca.crt');
    },
  };
}

const set = (value: string): readonly string[] => ['--set', value];

describe.skipIf(helms.length === 0).each(helms.length === 0 ? ['helm'] : helms)('%s', (program) => {
  test('replaces an edited policy together with everything else, in an upgrade and in a rollback', async () => {
    const trial = await startTrial(program, 'edited');
    await trial.install();
    await trial.edit();
    expect(await trial.state()).toEqual(['off', 'Ignore']);
    expect(await trial.upgrade('mode=enforce')).toContain('The policy was edited with kubectl-edit. This revision');
    expect(await trial.state()).toEqual(['enforce', 'Fail']);
    expect(await trial.upgrade('mode=enforce')).not.toContain('The policy was edited');

    await trial.edit();
    await trial.rollback(1);
    expect(await trial.state()).toEqual(['audit', 'Ignore']);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'podwright-policy' } };
    await wanted(trial.kubectl.send({ ...object, data: { 'policy.yaml': policy('warn') } }, 'apply', '-f', '-'));
    expect(await trial.state()).toEqual(['warn', 'Ignore']);
    await trial.rollback(2);
    expect(await trial.state()).toEqual(['enforce', 'Fail']);
    expect(await trial.uninstall()).toEqual([]);
  });

  test('leaves a policy alone that it only creates once', async () => {
    const trial = await startTrial(program, 'once');
    await trial.install('policy.createOnce=true');
    expect(await trial.state()).toEqual(['audit', 'Ignore']);
    await trial.edit();
    await trial.upgrade('policy.createOnce=true', 'mode=enforce');
    expect(await trial.state()).toEqual(['off', 'Fail']);
    await trial.rollback(1);
    expect(await trial.state()).toEqual(['off', 'Ignore']);
    await trial.helm('uninstall', 'podwright', '--wait');
    await trial.install('policy.createOnce=true');
    expect(await trial.state()).toEqual(['off', 'Ignore']);
    expect(await trial.uninstall()).toEqual(['configmap/podwright-policy']);
  });

  test.each(['policy.createOnce=true', 'policy.existingConfigMap=podwright-policy'])(
    'with %s it does not delete the policy that it created before',
    async (value) => {
      const trial = await startTrial(program, value.includes('Once') ? 'to-once' : 'to-existing');
      await trial.install();
      await trial.edit();
      await expect(trial.upgrade(value)).rejects.toThrow(
        `keep it first: kubectl annotate configmap podwright-policy helm.sh/resource-policy=keep --namespace ${trial.kubectl.namespace}`,
      );
      await trial.keep();
      await trial.upgrade(value);
      expect(await trial.state()).toEqual(['off', 'Ignore']);
      expect(await trial.uninstall()).toEqual(['configmap/podwright-policy']);
    },
  );
});
