import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { progressLine } from '../../src/cli/progress-line.ts';
import { runPreview } from '../../src/cli/run-preview.ts';
import { container, privileged, workload } from '../audit/support/objects.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';
import { startClusterOf } from '../cluster/support/start-cluster.ts';
import { testFolder } from '../server/support.ts';

const header = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';

afterEach(() => vi.unstubAllEnvs());

/** What `preview` says where the cluster's policy is this text, and another one may be written. */
async function previewed(inForce: string, written?: string) {
  const namespace = 'system';
  const configMap = { metadata: { namespace, name: 'podwright-policy' }, data: { 'policy.yaml': inForce } };
  const web = workload('apps/v1', 'Deployment', 'web', [container('app', privileged)]);
  const api = await startClusterOf({
    '/api/v1/namespaces': storedObjects('Namespace', [{ metadata: { name: 'shop' } }]),
    '/api/v1/limitranges': storedObjects('LimitRange', []),
    '/api/v1/configmaps': storedObjects('ConfigMap', [configMap]),
    '/apis/apps/v1/deployments': storedObjects('Deployment', [web]),
  });
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const policy = join(testFolder(), 'new.yaml');
  if (written !== undefined) writeFileSync(policy, written);
  const silent = progressLine(Object.assign(new PassThrough(), { isTTY: false }) as never);
  const options = { output: 'text' as const, kubernetesVersion: 36, ...(written === undefined ? {} : { policy }) };
  const { output, messages, exitCode } = await runPreview(options, plain, silent);
  return { output, exitCode, messages: messages.map((message) => message.replaceAll(policy, 'new.yaml')) };
}

const faulty = `${header}mode: enforced\n`;

test('an invalid policy in force is reported with its place', async () => {
  const { messages, exitCode } = await previewed(faulty);
  expect(exitCode).toBe(2);
  expect(messages).toMatchInlineSnapshot(`
    [
      "ConfigMap system/podwright-policy policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "enforced"",
      "the webhook keeps its last valid policy in force, which is not known here; fix the ConfigMap",
    ]
  `);
});

test('the repair of an invalid policy is previewed all the same', async () => {
  const { output, messages, exitCode } = await previewed(faulty, `${header}mode: enforce\n`);
  expect(exitCode).toBe(0);
  expect(messages).toMatchInlineSnapshot(`
    [
      "policy: new.yaml, compared with nothing",
      "ConfigMap system/podwright-policy policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "enforced"",
      "the webhook keeps its last valid policy in force, which is not known here; fix the ConfigMap",
    ]
  `);
  expect(output).toContain('shop: 1 of 1 workload would be denied or stop');
});
