import { afterEach, expect, test, vi } from 'vitest';
import { plain } from '../../src/cli/output/paint.ts';
import { runStatus, type StatusCommandOptions } from '../../src/cli/run-status.ts';
import { type FakeAnswer, type FakeRequest, startFakeApi } from '../cluster/support/fake-api.ts';
import { startTime } from '../cluster/support/fake-clock.ts';

afterEach(() => vi.unstubAllEnvs());

const configuration = (kind: string): string =>
  `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/podwright`;
const path = '/api/v1/namespaces/system/configmaps/podwright-status';
const ok = (body: unknown): FakeAnswer => ({ status: 200, body });
const forbidden = { status: 403, body: { kind: 'Status', message: 'configmaps is forbidden', code: 403 } };

const webhook = (name: string, failurePolicy: string) => ({
  name: `${name}.podwright.dev`,
  failurePolicy,
  clientConfig: { caBundle: 'Q0E=', service: { name: 'podwright', namespace: 'system' } },
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
});
const [state] = [{ hasCaBundle: true, coversPods: true }];
const counts = { allowed: 0, denied: 0, repaired: 0, wouldDeny: 0 };

const status = {
  version: 1,
  written: '2026-11-29T10:29:00Z',
  podwright: '0.1.0',
  replicas: { ready: 2, desired: 2 },
  policy: { hash: 'abc', mode: 'enforce', inForceSince: '2026-11-29T10:00:00Z', problems: [] },
  certificate: { expires: '2026-12-29T00:00:00Z', problems: [] },
  webhooks: {
    mutating: [{ name: 'mutate.podwright.dev', failurePolicy: 'Ignore', ...state }],
    validating: [{ name: 'pods.validate.podwright.dev', failurePolicy: 'Ignore', ...state }],
  },
  scan: { ended: '2026-11-29T10:00:00Z', workloads: 58, findings: { enforce: 0, warn: 3, audit: 40 } },
  lastDay: { ...counts, since: '2026-11-28T12:00:00Z', allowed: 8, denied: 2 },
  exemptions: [
    { name: 'node', owner: 'team-a', reason: 'measures it', expires: '2026-11-30', daysLeft: 2 },
    { name: 'cni', owner: 'team-b', reason: 'is the network', expires: null, daysLeft: null },
  ],
  omittedExemptions: 1,
  modes: { enforce: 3, warn: 1 },
  namespaces: [
    { name: 'shop', mode: 'enforce', ...counts, allowed: 8, denied: 2 },
    { name: 'data', mode: 'warn', ...counts },
    { name: 'idle', mode: 'enforce', ...counts },
  ],
  omittedNamespaces: 1,
};
const stored = (content: object): FakeAnswer => ok({ data: { 'status.json': JSON.stringify(content) } });
const fine = {
  [configuration('mutating')]: ok({ webhooks: [webhook('mutate', 'Ignore')] }),
  [configuration('validating')]: ok({ webhooks: [webhook('pods.validate', 'Fail')] }),
  [path]: stored(status),
};

/** What the command answers, half an hour past ten, where the cluster answers this at these paths. */
async function shown(
  answers: Readonly<Record<string, FakeAnswer>> | ((request: FakeRequest) => FakeAnswer | undefined),
  options: Partial<StatusCommandOptions> = {},
) {
  const api = await startFakeApi();
  api.interfere(typeof answers === 'function' ? answers : (request) => answers[request.path]);
  vi.stubEnv('KUBECONFIG', api.kubeconfig);
  const clock = { ...startTime().machine(), date: () => Date.parse('2026-11-29T10:30:00Z') };
  let waited = 0;
  const passing = {
    ...clock,
    now: () => waited,
    pause: async (ms: number) => {
      waited += ms;
    },
  };
  const { output, messages, exitCode } = await runStatus({ output: 'text', wait: 0, ...options }, plain, passing);
  return { output: output.split('\n'), messages, exitCode, waited };
}

const facts = [
  'status: ConfigMap system/podwright-status',
  'version: 0.1.0',
  'replicas: 2 of 2 ready',
  'policy: abc, mode enforce, in force since 2026-11-29T10:00:00Z',
  'certificate: expires 2026-12-29T00:00:00Z',
  'mutating webhooks: mutate.podwright.dev (Ignore)',
  'validating webhooks: pods.validate.podwright.dev (Ignore)',
  'last scan: 2026-11-29T10:00:00Z, 58 workloads, findings: 0 enforce, 3 warn, 40 audit',
  'requests since 2026-11-28T12:00:00Z: 8 allowed, 2 denied, 0 repaired, 0 would be denied',
  'namespaces: 3 enforce, 1 warn',
  'exemptions: 3, the next to end is node (2 days left)',
  'written: 2026-11-29T10:29:00Z',
];

test('shows facts, namespaces with requests or another mode, and exemptions', async () => {
  expect(await shown(fine)).toEqual({
    output: [
      'nothing is wrong',
      '',
      ...facts,
      '',
      'namespace  mode     allowed  denied  repaired  would be denied',
      'shop       enforce  8        2       0         0',
      'data       warn     0        0       0         0',
      'and 2 namespaces without requests',
      '',
      'exemption  ends         owner   reason',
      'node       2 days left  team-a  measures it',
      'cni        no end       team-b  is the network',
      'and 1 more, which end later',
    ],
    messages: [],
    exitCode: 0,
    waited: 0,
  });
});

const open = { ...fine, [configuration('validating')]: ok({ webhooks: [webhook('pods.validate', 'Ignore')] }) };

test('to fail open under enforce is a warning, on which --strict fails', async () => {
  const { output, exitCode } = await shown(open);
  expect([output.slice(0, 4), exitCode]).toEqual([
    [
      'warning: pods.validate.podwright.dev has failurePolicy Ignore although the mode is enforce, so Pods',
      '         are admitted without validation while Podwright does not answer; set mode, or',
      '         webhooks.pods.failurePolicy, in the values of the chart',
      '',
    ],
    0,
  ]);
  expect((await shown(open, { strict: true })).exitCode).toBe(1);
});

test('without webhook configurations the namespace is needed for the rest', async () => {
  const missing = { [path]: stored(status) };
  expect(await shown(missing)).toMatchObject({
    output: [
      'problem: the mutating webhook configuration podwright is missing, so no Pod is repaired; restore it',
      '         with helm upgrade, or kubectl apply',
      'problem: the validating webhook configuration podwright is missing, so no Pod is validated; restore',
      '         it with helm upgrade, or kubectl apply',
      'problem: nothing else is known, because the webhooks lead to Podwright; if it is installed, specify',
      '         its namespace with --namespace',
    ],
    messages: [],
    exitCode: 1,
  });
  const { output, exitCode } = await shown(missing, { namespace: 'system' });
  expect([output.slice(4, 7), exitCode]).toEqual([['', ...facts.slice(0, 2)], 1]);
});

test('without permission to read the configurations, the leader saw them', async () => {
  const answers = {
    [path]: stored(status),
    [configuration('mutating')]: forbidden,
    [configuration('validating')]: forbidden,
  };
  expect(await shown(answers, { namespace: 'system' })).toMatchObject({
    output: expect.arrayContaining([expect.stringContaining('warning: pods.validate.podwright.dev has')]),
    messages: ['you may not read the webhook configurations; they are shown as the leader last saw them'],
    exitCode: 0,
  });
  expect(await shown(answers)).toMatchObject({
    output: [''],
    messages: [
      'you may not read the webhook configurations, which lead to Podwright; specify its namespace with --namespace',
    ],
    exitCode: 2,
  });
});

test.each<[string, FakeAnswer]>([
  ['its status.json is not JSON', ok({ data: { 'status.json': '{' } })],
  ['its status.json has version null instead of 1', ok({ data: { 'status.json': 'null' } })],
  [
    'its status.json has version 2 instead of 1; Podwright 0.1.0 wrote it, so use that version',
    stored({ ...status, version: 2 }),
  ],
  ['its status.json is incomplete: written is no text', stored({ version: 1 })],
  [
    'its status.json is incomplete: policy.problems is no list',
    stored({ ...status, policy: { ...status.policy, problems: null } }),
  ],
  ['its status.json is incomplete: scan is no object or null', stored({ ...status, scan: 'yesterday' })],
])('a status that cannot be read is a problem: %s', async (problem, answer) => {
  const { output, exitCode } = await shown({ ...fine, [path]: answer });
  const text = output.join(' ').replaceAll(/\s+/g, ' ');
  expect([text, exitCode]).toEqual([
    `problem: the status in ConfigMap system/podwright-status cannot be read: ${problem}`,
    1,
  ]);
});

test.each<[string, FakeAnswer]>([
  ['does not exist', { status: 404 }],
  ['is empty, as the chart creates it', ok({})],
])('a status is missing if its ConfigMap %s', async (_, answer) => {
  expect(await shown({ ...fine, [path]: answer })).toMatchObject({
    output: [
      'problem: there is no status in ConfigMap system/podwright-status; a leader writes it ten seconds',
      '         after it starts (--wait 60 waits for it), unless status.enabled is false in the chart',
    ],
    exitCode: 1,
  });
});

test('an old status is a problem', async () => {
  const old = stored({ ...status, written: '2026-11-29T10:20:59Z' });
  const { output, exitCode } = await shown({ ...fine, [path]: old });
  expect([output[0], exitCode]).toEqual([
    'problem: the status is 9 minutes old, so there is no leader, or it cannot write it; see its log',
    1,
  ]);
});

test('a ConfigMap may have another name', async () => {
  const other = '/api/v1/namespaces/elsewhere/configmaps/mine';
  const { output, exitCode } = await shown(
    { ...fine, [other]: stored(status) },
    { namespace: 'elsewhere', configMap: 'mine' },
  );
  expect([output[2], exitCode]).toEqual(['status: ConfigMap elsewhere/mine', 0]);
});

test('a status that may not be read is an error', async () => {
  expect(await shown({ ...fine, [path]: forbidden })).toMatchObject({
    output: [''],
    messages: ['configmaps is forbidden'],
    exitCode: 2,
  });
});

test('as JSON it is whole', async () => {
  const { output, exitCode } = await shown(open, { output: 'json' });
  expect(exitCode).toBe(0);
  expect(JSON.parse(output.join('\n'))).toEqual({
    version: 1,
    checks: [{ severity: 'warning', message: expect.stringContaining('has failurePolicy Ignore') }],
    webhooks: status.webhooks,
    status,
  });
});

test('it can wait until nothing is wrong, errors included, and no longer than it should', async () => {
  let reads = 0;
  const soon = ({ path: at }: FakeRequest): FakeAnswer | undefined => {
    if (at !== path) return fine[at];
    reads += 1;
    return [forbidden, { status: 404 }][reads - 1] ?? fine[at];
  };
  expect(await shown(soon, { wait: 60 })).toMatchObject({ exitCode: 0, waited: 4_000 });
  expect(await shown({ ...fine, [path]: { status: 404 } }, { wait: 60 })).toMatchObject({
    exitCode: 1,
    waited: 60_000,
  });
});
