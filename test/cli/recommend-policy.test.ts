import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, test, vi } from 'vitest';
import { checkPolicy } from '../../src/cli/check-policy.ts';
import { plain } from '../../src/cli/output/paint.ts';
import { runFix } from '../../src/cli/run-fix.ts';
import { runRecommend } from '../../src/cli/run-recommend.ts';
import { answerOf, serve } from '../prometheus/support/fake-prometheus.ts';
import { startShop } from '../prometheus/support/shop-cluster.ts';
import { testFolder } from '../server/support.ts';

afterEach(() => vi.unstubAllEnvs());

/** The policy that `recommend` prints for the shop, in a file. */
async function writtenPolicy(minimumTime = 60) {
  vi.stubEnv('KUBECONFIG', (await startShop()).kubeconfig);
  const prometheus = await serve(answerOf({ throttled: '0.12', cpu: '0.9', memory: '9e8' }));
  const silent = { show: () => undefined, clear: () => undefined };
  const { output } = await runRecommend({ prometheus, minimumTime, output: 'policy' }, silent);
  const file = join(testFolder(), 'policy.yaml');
  writeFileSync(file, output);
  return { file, text: output.replace(prometheus, 'URL') };
}

test('the proposals become defaults of the fixes, with what they are based on', async () => {
  expect((await writtenPolicy()).text).toMatchInlineSnapshot(`
    "# Requests by usage: Prometheus at URL, the last 7d; cpu: percentile 95, memory: percentile 100, plus 20%.
    # Review them, and copy rules into the policy: the fixes set them in containers without a request.
    apiVersion: podwright.dev/v1alpha1
    kind: Policy
    rules:
      require-cpu-request:
        fix: true
        options:
          defaults:
          - workloads: [shop/Deployment/web] # watched 1d, 1 Pod; throttled in 12% of periods; cpu is held at its limit
            container: app
            value: "1"
      require-memory-request:
        fix: true
        options:
          defaults:
          - workloads: [shop/Deployment/web] # watched 1d, 1 Pod; throttled in 12% of periods; cpu is held at its limit
            container: app
            value: 1088Mi"
  `);
});

test('without proposals there is no policy', async () => {
  expect((await writtenPolicy(200_000)).text).toBe('# nothing is proposed');
});

test('policy check accepts it', async () => {
  const { file } = await writtenPolicy();
  const { output, messages, exitCode } = await checkPolicy(file, Readable.from([]));
  expect({ output: output.slice(file.length, file.length + 24), messages, exitCode }).toEqual({
    output: ' is valid: mode enforce;',
    messages: [],
    exitCode: 0,
  });
});

test('its fixes set the values in the manifest of the workload, and in no other', async () => {
  const { file: policy } = await writtenPolicy();
  const manifest = (name: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: app
        image: registry.example/web:2.1
`;
  const file = join(testFolder(), 'web.yaml');
  writeFileSync(file, [manifest('web'), manifest('api')].join('---\n'));
  const options = { policy, unsafe: true, rule: ['require-cpu-request', 'require-memory-request'] };
  const { output } = await runFix([file], options, () => Readable.from([]), plain);
  expect(
    output.split('\n').filter((line) => /^[-+@]/.test(line) && !/^(---|\+\+\+)/.test(line)),
  ).toMatchInlineSnapshot(`
    [
      "@@ -7,6 +7,10 @@",
      "+        resources:",
      "+          requests:",
      "+            cpu: "1"",
      "+            memory: 1088Mi",
    ]
  `);
});

test.each([
  [
    'Deployment/web',
    'must be namespace/Kind/name of the top-level owner, like "shop/Deployment/web", not "Deployment/web"',
  ],
])('a workload %s of an entry is rejected', async (workload, message) => {
  const file = join(testFolder(), 'policy.yaml');
  const entry = `[{workloads: [${workload}], value: 10m}]`;
  const head = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nrules:\n';
  writeFileSync(file, `${head}  require-cpu-request: {options: {defaults: ${entry}}}\n`);
  const { output, exitCode } = await checkPolicy(file, Readable.from([]));
  expect({ output: output.slice(output.indexOf('must')), exitCode }).toEqual({ output: message, exitCode: 2 });
});
