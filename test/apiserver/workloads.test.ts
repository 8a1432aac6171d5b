import { beforeAll, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from './support/kubectl.ts';
import { type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'workloads';
const policy = `
apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  require-cpu-request: { mode: warn }
`;
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright(policy);
  return podwright.stop;
});

const labels = { app: 'web' };
const { spec } = pod('', {
  container: { resources: {} },
  spec: { nodeSelector: { 'kubernetes.io/hostname': 'nowhere' } },
});
const template = { metadata: { labels }, spec };
const selector = { matchLabels: labels };
const job = { template: { spec: { ...spec, restartPolicy: 'Never' } } };
const cronJob = { schedule: '@yearly', jobTemplate: { spec: job } };

test.for([
  ['v1', 'PodTemplate', '/template/spec', { template }],
  ['v1', 'ReplicationController', '/spec/template/spec', { spec: { replicas: 0, template } }],
  ['apps/v1', 'DaemonSet', '/spec/template/spec', { spec: { selector, template } }],
  ['apps/v1', 'Deployment', '/spec/template/spec', { spec: { replicas: 0, selector, template } }],
  ['apps/v1', 'ReplicaSet', '/spec/template/spec', { spec: { replicas: 0, selector, template } }],
  ['apps/v1', 'StatefulSet', '/spec/template/spec', { spec: { replicas: 0, selector, template } }],
  ['batch/v1', 'CronJob', '/spec/jobTemplate/spec/template/spec', { spec: cronJob }],
] as const)(
  'a %s %s is validated on creation and when its template changes',
  async ([version, kind, path, content]) => {
    const name = kind.toLowerCase();
    const object = { apiVersion: version, kind, metadata: { name }, ...content };
    const created = await kubectl.send(object, 'create', '-f', '-');
    expect(created.stderr).toBe(
      'Warning: podwright: container "app": requests no cpu; set resources.requests.cpu (require-cpu-request)\n',
    );
    const change = (patch: object[]) => kubectl('patch', kind, name, '--type=json', '-p', JSON.stringify(patch));
    await wanted(change([{ op: 'add', path: '/metadata/labels', value: { stage: 'late' } }]));
    await wanted(change([{ op: 'replace', path: `${path}/terminationGracePeriodSeconds`, value: 5 }]));
    const decisions = await podwright.decisionsOn(namespace, name, 2);
    expect(decisions).toMatchObject([
      { webhook: 'workloads.validate.podwright.dev', kind, operation: 'CREATE', verdict: 'allow' },
      { webhook: 'workloads.validate.podwright.dev', kind, operation: 'UPDATE', verdict: 'allow' },
    ]);
    const [finding] = decisions[0]?.findings ?? [];
    expect(finding).toEqual({
      rule: 'require-cpu-request',
      mode: 'warn',
      path: '/spec/containers/0/resources/requests/cpu',
    });
  },
);

test('a Job is validated on creation', async () => {
  const created = await kubectl.send(
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'job' }, spec: job },
    'create',
    '-f',
    '-',
  );
  expect(created.stdout).toBe('job.batch/job created\n');
  await wanted(kubectl('label', 'job', 'job', 'stage=late'));
  await wanted(kubectl('patch', 'job', 'job', '-p', JSON.stringify({ spec: { suspend: true } })));
  await podwright.answered();
  const decisions = await podwright.decisionsOn(namespace, 'job', 1);
  expect(decisions.map(({ operation }) => operation)).toEqual(['CREATE']);
});
