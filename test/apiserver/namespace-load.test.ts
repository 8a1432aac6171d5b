import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeApi } from '../cluster/support/fake-api.ts';
import { storedObjects } from '../cluster/support/fake-collection.ts';

const namespacesPath = '/api/v1/namespaces';
const limitsPath = '/api/v1/limitranges';

/** As big as they are with what the API server and kubectl write into them. */
function fullNamespace(index: number, at?: number) {
  const owner = { manager: 'kubectl-client-side-apply', operation: 'Update', apiVersion: 'v1' };
  return {
    metadata: {
      name: `namespace-${index}`,
      uid: `${index}`.padStart(36, '0'),
      labels: {
        'kubernetes.io/metadata.name': `namespace-${index}`,
        'pod-security.kubernetes.io/enforce': 'baseline',
        team: `team-${index % 100}`,
        ...(at === undefined ? {} : { at: String(at) }),
      },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(500) },
      managedFields: [
        { ...owner, fieldsV1: Object.fromEntries(Array.from({ length: 30 }, (_, key) => [`f:${key}`, {}])) },
      ],
    },
    spec: { finalizers: ['kubernetes'] },
  };
}

test('10,000 namespaces take little memory, and 50 changes a second are known at once', {
  timeout: 60_000,
}, async () => {
  const namespaces = storedObjects(
    'Namespace',
    Array.from({ length: 10_000 }, (_, index) => fullNamespace(index)),
  );
  const api = await startFakeApi({ [namespacesPath]: namespaces, [limitsPath]: storedObjects('LimitRange', []) });
  const program = join(import.meta.dirname, '../cluster/support/follow-namespaces.ts');
  const child = spawn(process.execPath, ['--expose-gc', program, api.kubeconfig, '2000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let index = 0;
  child.stdout.once('data', () => {
    const timer = setInterval(() => namespaces.put(fullNamespace((index += 1), Date.now())), 20);
    child.once('close', () => clearInterval(timer));
  });
  const [, measured = ''] = (await text(child.stdout)).split('\n');
  const found = JSON.parse(measured) as Record<string, number>;
  expect(found['namespaces']).toBe(10_000);
  expect(found['listedMiB']).toBeLessThan(40);
  expect(found['churnedMiB']).toBeLessThan(40);
  expect(found['changes']).toBeGreaterThan(50);
  expect(found['latestMs']).toBeLessThan(1_000);
  expect(api.requests.filter(({ path, isWatch }) => path === namespacesPath && !isWatch).length).toBe(20);
});
