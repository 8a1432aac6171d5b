import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { env, execPath } from 'node:process';
import { promisify } from 'node:util';
import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../src/status/status.ts';
import { helms, only, render } from '../chart/support/helm.ts';
import { badPod, reviewText } from '../server/support.ts';
import { type ChartedProgram, main, startCharted } from './support/charted-program.ts';
import { wanted } from './support/kubectl.ts';
import { until } from './support/until.ts';

const mutating = 'mutatingwebhookconfiguration/podwright';

// the status follows within a minute
describe.skipIf(helms.length === 0)('the status, with only the permissions of the chart', { timeout: 300_000 }, () => {
  let program: ChartedProgram;
  let kubeconfig: string;

  beforeAll(async () => {
    program = await startCharted({ logLevel: 'info' });
    kubeconfig = await program.kubeconfigOf('podwright-test');
    await until('a leader', async () => program.lines.some(({ msg }) => msg === 'this replica is now the leader'));
    for (const dryRun of [false, true, false]) await review(dryRun);
  });
  afterAll(() => program?.remove());

  /** Asks for a bad Pod, as the API server would. */
  async function review(dryRun: boolean): Promise<void> {
    const { admission } = program.lines.find(({ msg }) => msg === 'serving') ?? {};
    const headers = { 'content-type': 'application/json' };
    const asked = request(`${admission}/validate`, { method: 'POST', headers, rejectUnauthorized: false });
    asked.end(reviewText(badPod, { namespace: 'default', dryRun }));
    await once(asked, 'response');
  }
  async function written(): Promise<Status> {
    const { data } = await program.kubectl.get<V1ConfigMap>('configmap', 'podwright-status');
    return JSON.parse(data?.['status.json'] ?? '{}') as Status;
  }
  /** What the test of the release finds, with its own arguments and permissions, but at once. */
  async function tested(values: object = {}): Promise<{ readonly code: number; readonly text: string }> {
    const [, container] = only<V1Pod>(render(values), 'Pod').spec?.containers ?? [];
    const args = (container?.args ?? []).map((arg) => arg.replace('--wait=120', '--wait=0'));
    const environment = { ...env, KUBECONFIG: kubeconfig };
    try {
      return { code: 0, text: (await promisify(execFile)(execPath, [main, ...args], { env: environment })).stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, text: `${stdout}${stderr}` };
    }
  }

  test('is written by the leader, and the test of the release passes', async () => {
    // written once before the certificate is issued, and a minute later with it
    const isComplete = ({ certificate, lastDay, webhooks }: Partial<Status>): boolean =>
      certificate?.problems.length === 0 &&
      lastDay?.wouldDeny === 2 &&
      webhooks?.mutating?.every(({ hasCaBundle }) => hasCaBundle) === true &&
      webhooks.validating?.every(({ hasCaBundle }) => hasCaBundle) === true;
    await until('the status', async () => isComplete(await written()), 180);
    const webhook = (name: string, coversPods: boolean) => ({
      name: `${name}.podwright.dev`,
      failurePolicy: 'Ignore',
      hasCaBundle: true,
      coversPods,
    });
    const status = await written();
    expect(status).toMatchObject({
      replicas: null,
      policy: { mode: 'audit', problems: [] },
      certificate: { problems: [] },
      webhooks: {
        mutating: [webhook('mutate', true)],
        validating: [
          webhook('pods.validate', true),
          webhook('workloads.validate', false),
          webhook('policy.validate', false),
        ],
      },
      lastDay: { allowed: 0, denied: 0, repaired: 0, wouldDeny: 2 },
    });
    expect(status.namespaces[0]).toEqual({
      name: 'default',
      mode: 'audit',
      allowed: 0,
      denied: 0,
      repaired: 0,
      wouldDeny: 2,
    });
    const { metadata, data } = await program.kubectl.get<V1ConfigMap>('configmap', 'podwright-status');
    expect(Object.keys(data ?? {})).toEqual(['status.json', 'summary']);
    expect(metadata?.labels).toMatchObject({ 'app.kubernetes.io/name': 'podwright' });
    const { code, text } = await tested();
    expect([code, text.split('\n')[0]]).toEqual([0, 'nothing is wrong']);
  });

  test('fails the test of the release while a webhook configuration is missing', async () => {
    const configuration = only(render(), 'MutatingWebhookConfiguration');
    await wanted(program.kubectl('delete', mutating));
    const { code, text } = await tested();
    expect([code, text.split('\n')[0]]).toEqual([
      1,
      'problem: the mutating webhook configuration podwright is missing, so no Pod is repaired; restore it',
    ]);
    await wanted(program.kubectl.send(configuration, 'apply', '-f', '-'));
    await until('the CA bundle', async () => (await tested()).code === 0, 180);
  });

  test('fails the test of the release if Podwright fails open under enforce, unless the values say so', async () => {
    const text = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nmode: enforce\n';
    const patch = JSON.stringify({ data: { 'policy.yaml': text } });
    await wanted(program.kubectl('patch', 'configmap', 'podwright-policy', '--type=merge', '-p', patch));
    await until('the policy in the status', async () => (await written()).policy.mode === 'enforce', 180);
    const { code, text: told } = await tested();
    expect([code, told.split('\n')[0]]).toEqual([
      1,
      'warning: pods.validate.podwright.dev has failurePolicy Ignore although the mode is enforce, so Pods',
    ]);
    expect((await tested({ webhooks: { pods: { failurePolicy: 'Ignore' } } })).code).toBe(0);
  });
});
