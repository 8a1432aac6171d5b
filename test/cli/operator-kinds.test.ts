import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { runAudit } from '../../src/cli/run-audit.ts';
import { runFix } from '../../src/cli/run-fix.ts';

const json = [{ format: 'json', file: undefined }] as const;
const audit = (text: string, options: object = {}) =>
  runAudit(['-'], { failOn: 'enforce', config: false, ...options }, () => Readable.from([text]), plain);

const workers = ['a', 'b'].map(
  (name) => `apiVersion: example.com/v1
kind: Worker
metadata: {name: ${name}}
spec: {pools: [{pod: {spec: {containers: [{image: a}]}}}]}
---
`,
);
const unknown = `${workers.join('')}apiVersion: example.com/v1
kind: Farm
metadata: {name: c}
spec: {containers: [{name: a, securityContext: {privileged: true}}]}
`;

test('kinds that hold containers and are unknown are counted and named, but change no verdict', async () => {
  expect(await audit(unknown)).toEqual({
    exitCode: 0,
    messages: [],
    output: `no Pods found: the input contains no Pods or Pod templates; 3 skipped
not checked: 3 objects of unknown kinds hold containers: Worker of example.com (2), Farm of example.com (1)
Specify where these kinds keep their Pods in the policy: podTemplates`,
  });
  const { output } = await audit(workers[0] ?? '', { output: json });
  expect((JSON.parse(output) as { summary: object }).summary).toEqual({
    subjects: 0,
    denied: 0,
    findings: { enforce: 0, warn: 0, audit: 0 },
    fixed: 0,
    exempt: 0,
    skipped: 1,
    unknownKinds: [{ group: 'example.com', kind: 'Worker', objects: 1 }],
  });
});

test('beside Pods, they are named as well', async () => {
  const task = 'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: t}\nspec: {steps: [{image: "a:1"}]}\n';
  expect((await audit(`${workers[0]}${task}`)).output).toBe(`1 subject: none denied; no findings; 1 skipped
not checked: 1 object of an unknown kind holds containers: Worker of example.com (1)
Specify where these kinds keep their Pods in the policy: podTemplates`);
});

test('at most five are named, and --verbose says why each is skipped', async () => {
  const many = Array.from({ length: 7 }, (_, index) => (workers[0] ?? '').replace('Worker', `Worker${index}`)).join('');
  expect((await audit(many)).output.split('\n')[1]).toBe(
    'not checked: 7 objects of unknown kinds hold containers: Worker0 of example.com (1), Worker1 of example.com (1), Worker2 of example.com (1), Worker3 of example.com (1), Worker4 of example.com (1) and 2 more kinds',
  );
  expect((await audit(workers[0] ?? '', { verbose: true })).messages).toEqual([
    'stdin:1:1: skipped Worker a: it holds containers, but its kind is unknown',
  ]);
});

test.each([
  ['a policy engine', 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: {pattern: {containers: [{image: a}]}}'],
  ['the metrics of a Pod', 'apiVersion: metrics.k8s.io/v1\nkind: PodMetrics\ncontainers: [{name: a, usage: {cpu: 1}}]'],
  ['a status', 'apiVersion: example.com/v1\nkind: Worker\nstatus: {containers: [{name: a, image: b}]}'],
  ['other steps', 'apiVersion: example.com/v1\nkind: Rollout\nspec: {steps: [{name: a, weight: 1}]}'],
  ['containers of a known kind', 'apiVersion: ray.io/v1\nkind: RayCluster\nspec: {x: {containers: [{image: a}]}}'],
])('%s is no unknown kind with containers', async (_, text) => {
  expect((await audit(text)).output).toBe('no Pods found: the input contains no Pods or Pod templates; 1 skipped');
});

test('fix leaves the parts of a Pod to their author, and names all that is to do', async () => {
  const workflow = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: w}
spec: {templates: [{container: {image: "a:1", resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}}}]}
`;
  const { messages, output } = await runFix(
    ['-'],
    { unsafe: true },
    () => Readable.from([Buffer.from(workflow)]),
    plain,
  );
  expect({ output, messages: messages.map((line) => line.replace(/ container.*\(/, ' (')) }).toMatchInlineSnapshot(`
    {
      "messages": [
        "stdin:4:21: enforce: (no-privilege-escalation)",
        "stdin:4:20: enforce: no seccomp profile for "main"; set seccompProfile.type: RuntimeDefault on the Pod (require-seccomp-profile)",
        "stdin:4:21: warn: (run-as-non-root)",
        "stdin:4:21: warn: (drop-all-capabilities)",
        "nothing would change",
      ],
      "output": "",
    }
  `);
});
