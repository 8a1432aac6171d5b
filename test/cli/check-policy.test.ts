import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { checkPolicy } from '../../src/cli/check-policy.ts';
import { policyOf } from '../../src/cli/policy-options.ts';
import { policySummary } from '../../src/cli/policy-summary.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podwright-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a good policy is summed up', async () => {
  const file = path.relative('.', path.join(import.meta.dirname, 'fixtures/policy.yaml'));
  const { output, ...rest } = await checkPolicy(file, Readable.from([]));
  expect(output.replace(/\d+ off/, 'N off')).toBe(
    'test/cli/fixtures/policy.yaml is valid: mode enforce; rules: 4 enforce, 2 warn, 1 audit, N off; 3 fixes on',
  );
  expect(rest).toEqual({ messages: [], exitCode: 0 });
});

test('every problem of a bad policy has its line and column', async () => {
  const file = path.join(folder, 'policy.yaml');
  const text = [
    'apiVersion: podwright.dev/v1alpha1',
    'kind: Policy',
    'mode: enfroce',
    'rules:',
    '  no-host-netwrok: { mode: warn }',
  ];
  writeFileSync(file, text.join('\n'));
  const { output, ...rest } = await checkPolicy(file, Readable.from([]));
  expect(output.replaceAll(folder, '')).toMatchInlineSnapshot(`
    "/policy.yaml:3:1: mode: must be one of off, audit, warn, enforce, not "enfroce"
    /policy.yaml:5:3: rules.no-host-netwrok: there is no such rule; did you mean "no-host-network"?"
  `);
  expect(rest).toEqual({ messages: [], exitCode: 2 });
});

test('a policy file that is none', async () => {
  const file = path.join(folder, 'none.yaml');
  expect(await policyOf({ policy: file })).toEqual({ problems: [`no such policy file: ${file}`] });
  expect(await policyOf({ policy: folder })).toEqual({
    problems: [`cannot read ${folder}: it is a directory, not a file`],
  });
});

test('a policy is read from values of the chart and from a ConfigMap', async () => {
  const values = path.join(folder, 'values.yaml');
  writeFileSync(values, 'replicas: 3\nmode: warn\npolicy: { controllers: audit }\n');
  expect(await policyOf({ policy: values })).toMatchObject({ mode: 'warn', controllers: 'audit' });
  expect(await policyOf({ policy: 'deploy/podwright.yaml' })).toMatchObject({ mode: 'audit' });
  writeFileSync(values, 'mode: warn\npolicy: { controlers: audit }\n');
  expect(await policyOf({ policy: values })).toEqual({
    problems: [`${values}:2:11: controlers: unknown key; did you mean "controllers"?`],
  });
});

test('the command line is stronger than the policy', async () => {
  const policy = await policyOf({ mode: 'audit', fixes: false, kubernetesVersion: 29 });
  expect(policy).toMatchObject({ mode: 'audit', fixes: false, kubernetesMinor: 29 });
  if ('problems' in policy) throw new Error('the built-in policy is invalid');
  expect(policySummary({ ...policy, rules: [] })).toBe('mode audit; rules: ; no fixes');
});

const header = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\n';

const team = `apiVersion: v1
kind: ConfigMap
metadata: { name: podwright-exemptions, namespace: shop }
data:
  exemptions.yaml: |
    exemptions:
    - name: legacy
      rules: [run-as-non-root]
      match: { workloads: [Deployment/legacy, Deployment/old], containers: [app] }
      reason: the vendor repairs it
      owner: team-shop
      expires: 2020-01-01
`;
const further = `    - name: net
      rules: [no-host-network]
      match: { workloads: [Deployment/legacy] }
      reason: a reason
      owner: team-shop
      expires: 2020-01-01
`;

/** What is said of a team's exemptions under a policy with these limits. */
async function checkedExemptions(text: string, selfService: string | undefined, namespace?: string) {
  const policy = path.join(folder, 'limits.yaml');
  writeFileSync(policy, `${header}${selfService === undefined ? '' : `selfService: ${selfService}\n`}`);
  const options = namespace === undefined ? { policy } : { policy, namespace };
  return checkPolicy('-', Readable.from([text]), options);
}
const limits = '{ rules: [run-as-non-root], maximumDays: 30 }';

test("a team's exemptions are checked against the policy: what is granted, and what not and why", async () => {
  const granted =
    'granted: legacy: run-as-non-root expired on 2020-01-01, for Deployment/legacy or Deployment/old with app';
  expect(await checkedExemptions(team, limits)).toEqual({
    output: `stdin: 1 exemption granted in namespace shop\n${granted}`,
    messages: [],
    exitCode: 0,
  });
  expect(await checkedExemptions(`${team}${further}`, limits)).toEqual({
    output: [
      'stdin: 1 exemption granted in namespace shop',
      granted,
      'not granted: stdin:14:15: exemptions[1].rules[0]: the policy does not let teams exempt no-host-network, only run-as-non-root',
    ].join('\n'),
    messages: [],
    exitCode: 2,
  });
});

test("a team's exemptions need a policy that grants any, and a namespace", async () => {
  expect(await checkedExemptions(team, undefined)).toMatchObject({
    output: [
      'stdin: 0 exemptions granted in namespace shop',
      'not granted: stdin:6:5: the policy allows no exemptions in ConfigMaps; ask the platform team',
    ].join('\n'),
    exitCode: 2,
  });
  const elsewhere = '{ rules: [run-as-non-root], maximumDays: 30, match: { names: [cart], labels: { tier: dev } } }';
  expect(await checkedExemptions(team, elsewhere, 'cart')).toMatchObject({
    messages: ['note: the policy grants them only while namespace cart has the label tier=dev'],
    exitCode: 0,
  });
  expect((await checkedExemptions(team, elsewhere)).output).toContain('no exemptions in namespace shop');
  const text = 'exemptions: []\n';
  expect(await checkedExemptions(text, limits)).toEqual({
    output: '',
    messages: ['stdin does not specify a namespace; add -n NAMESPACE'],
    exitCode: 2,
  });
  expect((await checkedExemptions('exemptions: {}\n', limits, 'shop')).output).toBe(
    'stdin: 0 exemptions granted in namespace shop\nnot granted: stdin:1:1: exemptions: must be a list, not a mapping',
  );
});

test("a team's exemptions are no policy", async () => {
  const advice =
    'stdin has exemptions of a team and no policy; specify the policy that they must agree with: --policy FILE';
  expect(await checkPolicy('-', Readable.from([team]))).toEqual({ output: advice, messages: [], exitCode: 2 });
});

test('a namespace is of exemptions only, and standard input is one file', async () => {
  const input = Readable.from([header]);
  expect((await checkPolicy('-', input, { namespace: 'shop' })).output).toBe('--namespace needs --policy');
  expect((await checkPolicy('-', input, { policy: '-' })).output).toBe(
    'only one of the two files can be standard input',
  );
});

const checked = async (text: string) => (await checkPolicy('-', Readable.from([text]))).output;

test('a ConfigMap among other objects holds a policy, whose problems have the lines of the whole', async () => {
  const configMap = (policy: string): string => `kind: Service
apiVersion: v1
---
apiVersion: v1
kind: ConfigMap
metadata: { name: podwright-policy }
data:
  policy.yaml: |
${policy.replaceAll(/^(?=.)/gm, '    ')}`;
  expect(await checked(configMap(`${header}extends: none\n`))).toMatch(
    /^stdin is valid: mode enforce; rules: \d+ off;/,
  );
  expect(await checked(configMap(`${header}mode: loud\nrules:\n  no-host-ipcc: {}\n`))).toMatchInlineSnapshot(`
    "stdin:11:5: mode: must be one of off, audit, warn, enforce, not "loud"
    stdin:13:7: rules.no-host-ipcc: there is no such rule; did you mean "no-host-ipc"?"
  `);
  const quoted = `{ kind: ConfigMap, data: { policy.yaml: ${JSON.stringify(`${header}mode: loud\n`)} } }`;
  expect(await checked(quoted)).toMatchInlineSnapshot(
    `"stdin:1:28: mode: must be one of off, audit, warn, enforce, not "loud""`,
  );
});

test("values of the chart hold a policy, with the chart's mode beside it", async () => {
  const values = (mode: string, policy: string): string => `image: {}\nmode: ${mode}\npolicy: ${policy}\n`;
  expect(await checked(values('warn', '{ extends: none }'))).toMatch(/^stdin is valid: mode warn; rules: \d+ off;/);
  expect(await checked('policy: { extends: none }')).toMatch(/^stdin is valid: mode audit;/);
  expect(await checked(values('loud', '{ extends: nothing, rules: { no-host-ipcc: {} } }'))).toMatchInlineSnapshot(`
    "stdin:2:1: mode: must be one of off, audit, warn, enforce, not "loud"
    stdin:3:11: extends: must be one of recommended, strict, pss-baseline, pss-restricted, none, not "nothing"
    stdin:3:38: rules.no-host-ipcc: there is no such rule; did you mean "no-host-ipc"?"
  `);
});

test('a mode in the policy of values is reported where it is, and a list is no policy', async () => {
  expect(await checked('# c\n\npolicy:\n  mode: wran\n')).toMatch(/^stdin:4:3: mode: must be one of/);
  expect(await checked('replicas: 2\npolicy: []\n')).toMatch(/^stdin:2:1: /);
});

test("the chart's own values and the manifest of an installation hold valid policies", async () => {
  for (const file of ['charts/podwright/values.yaml', 'deploy/podwright.yaml'])
    expect((await checkPolicy(file, Readable.from([]))).output).toMatch(`${file} is valid: mode audit;`);
});

test('input without a policy is reported', async () => {
  expect(await checked('')).toMatchInlineSnapshot(
    `"stdin:1:1: the file contains no policy; a policy starts with apiVersion: podwright.dev/v1alpha1 and kind: Policy"`,
  );
  expect(await checked('policy: 7')).toMatchInlineSnapshot(`
    "stdin:1:1: apiVersion: is missing; it must be podwright.dev/v1alpha1
    stdin:1:1: kind: is missing; it must be Policy
    stdin:1:1: policy: unknown key; these are chart values: the policy file is the content of this key, preceded by apiVersion, kind and mode"
  `);
});

test.each([
  ['rules: { require-cpu-limit: { mode: warn }, no-cpu-limit: { mode: audit } }'],
  [
    'rules: { require-cpu-limit: { mode: warn } }\nnamespaces: [{ match: { names: [a] }, rules: { no-cpu-limit: { mode: warn } } }]',
  ],
])('rules that contradict each other are noted: %s', async (settings) => {
  const file = path.join(folder, 'contradiction.yaml');
  writeFileSync(file, `apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${settings}\n`);
  const { messages } = await checkPolicy(file, Readable.from([]));
  expect(messages).toEqual([
    'note: rules require-cpu-limit and no-cpu-limit: no container can follow both; turn one of them off',
  ]);
});

test('one of two opposite rules in each place is no contradiction', async () => {
  const file = path.join(folder, 'no-contradiction.yaml');
  const entry = '{ match: { names: [a] }, rules: { require-cpu-limit: { mode: off }, no-cpu-limit: { mode: warn } } }';
  const text = `rules: { require-cpu-limit: { mode: warn } }\nnamespaces: [${entry}]`;
  writeFileSync(file, `apiVersion: podwright.dev/v1alpha1\nkind: Policy\n${text}\n`);
  expect((await checkPolicy(file, Readable.from([]))).messages).toEqual([]);
});

test('facts about images that have no effect are noted', async () => {
  const file = path.join(folder, 'images.yaml');
  const entries = [
    '{ image: "registry.example/shop/web:2.1", user: 1000, shell: true, capabilities: [NET_BIND_SERVICES, NOPE, SETUID] }',
    '{ image: "registry.example/shop/mail", setuid: [postdrop] }',
    '{ image: "registry.example/shop/*", user: 65532, shell: false }',
    '{ image: "registry.example/shop/mail", setuid: [] }',
    '{ image: "registry.example/shop/mail:*", user: postfix }',
  ];
  const head = 'apiVersion: podwright.dev/v1alpha1\nkind: Policy\nimages:\n';
  writeFileSync(file, `${head}${entries.map((entry) => `- ${entry}\n`).join('')}`);
  const { messages, exitCode } = await checkPolicy(file, Readable.from([]));
  expect([messages, exitCode]).toEqual([
    [
      'note: images registry.example/shop/web:2.1: Linux has no capability NET_BIND_SERVICES, so no container can add it; did you mean NET_BIND_SERVICE?',
      'note: images registry.example/shop/web:2.1: Linux has no capability NOPE, so no container can add it; remove it',
      'note: images registry.example/shop/web:2.1: the later entry registry.example/shop/* wins, so its user, shell never apply; put that one first, or remove either',
      'note: images registry.example/shop/mail: a later entry for it wins, so its setuid never applies; put that one first, or remove either',
    ],
    0,
  ]);
});

test('a valid policy that allows more than it seems to is noted, but still valid', async () => {
  const file = path.join(folder, 'open.yaml');
  const about = 'rules: [no-host-network], reason: it needs it, owner: platform';
  const text = [
    'apiVersion: podwright.dev/v1alpha1',
    'kind: Policy',
    'extends: none',
    'operators: ["system:serviceaccount:argocd:argocd-application-controller", "system:serviceaccount:*-operator:*", "system:serviceaccount:argo*:*"]',
    'operatorKinds: { Stock.shop.example: "system:serviceaccount:shop-operator:robot", Basket.shop.example: "system:serviceaccount:shop:robot" }',
    'selfService: { rules: [no-host-path, no-host-network] }',
    'exemptions:',
    `- { name: cni, ${about}, match: { namespaces: [net], images: ["docker.io/calico/*"] } }`,
    `- { name: mesh, ${about}, match: { containers: [istio-init] } }`,
    `- { name: agent, ${about}, match: { workloads: [DaemonSet/agent], images: ["docker.io/agent/*"] } }`,
  ];
  writeFileSync(file, text.join('\n'));
  const { messages, exitCode } = await checkPolicy(file, Readable.from([]));
  expect(exitCode).toBe(0);
  expect(messages).toMatchInlineSnapshot(`
    [
      "note: exemption cni: anyone who can create Pods in these namespaces can use it, with any command and volume; add workloads or serviceAccounts, or set an option of the rule instead",
      "note: exemption mesh: anyone who can create Pods in any namespace can use it, with any command and volume; add workloads or serviceAccounts, or set an option of the rule instead",
      "note: selfService no-host-path: teams could take over a node without asking anyone; remove it",
      "note: operator system:serviceaccount:argocd:argocd-application-controller: applies objects of others, whose owner references would be trusted; remove it",
      "note: operator system:serviceaccount:argo*:*: applies objects of others, whose owner references would be trusted; remove it",
      "note: operatorKinds Basket.shop.example: system:serviceaccount:shop:robot is not listed under operators, so its owner references are not trusted; list it",
    ]
  `);
});
