import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { type ApiClient, openApiClient } from '../../src/cluster/api/api-client.ts';
import { excludedNamespaces } from '../../src/cluster/scan/excluded-namespaces.ts';
import { readSurroundings } from '../../src/cluster/scan/read-surroundings.ts';
import { type ClusterScanOptions, scanCluster } from '../../src/cluster/scan/scan-cluster.ts';
import { definitionsOf, hasDefinitions } from '../support/neighbor-definitions.ts';
import { onlyRules } from '../support/policies.ts';
import { inNode, type Kubectl, kubectlIn, kubectlOf, wanted } from './support/kubectl.ts';
import { deployment, pod } from './support/podwright.ts';

const namespace = 'scan';
const folder = mkdtempSync(join(tmpdir(), 'podwright-'));
const policy = onlyRules(['no-privileged-containers', 'no-node-name']);
const container = { securityContext: { privileged: true } };
const labels = (app: string) => ({ selector: { matchLabels: { app } }, metadata: { labels: { app } } });
let kubectl: Kubectl;
let client: ApiClient;

beforeAll(async () => {
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, inject('kubeconfig'));
  client = openApiClient({ kubeconfig });
  kubectl = await kubectlIn(namespace);
});
afterAll(() => rmSync(folder, { recursive: true }));

const create = (object: object) => wanted(kubectl.send(object, 'create', '-f', '-'));

async function scanned(more: Partial<ClusterScanOptions> = {}) {
  const surroundings = await readSurroundings(client, { minor: 36, now: 0, namespace: more.namespace });
  const scan = scanCluster({ client, policy, surroundings, ...more });
  const subjects: string[] = [];
  for await (const { object, namespace, pods, verdict, stopsAtRestart, findings } of scan) {
    const told = findings.map(({ rule, inTemplate, pods }) => `${rule.id} ${inTemplate ? 'template' : ''}+${pods}`);
    const stops = stopsAtRestart ? ' stops' : '';
    subjects.push(`${object.kind} ${namespace}/${object.name} ${pods} ${verdict}${stops}: ${told.join(', ')}`);
  }
  return { subjects, unreadable: scan.unreadable };
}

test('objects that controllers created belong to their owners', { timeout: 240_000 }, async () => {
  const { spec } = pod('', { container });
  const daemon = labels('daemon');
  const template = { spec: { ...spec, restartPolicy: 'Never' } };
  await Promise.all([
    create(deployment('web', 2)),
    create({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'daemon' },
      spec: { selector: daemon.selector, template: { metadata: daemon.metadata, spec } },
    }),
    create({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'report' },
      spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } },
    }),
    create(pod('bare', { container })),
  ]);
  await wanted(kubectl('create', 'job', 'report-now', '--from=cronjob/report'));
  await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=90s'));
  // The second revision cannot be pulled: a Pod of it stays beside those of the first.
  const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'localhost:1/none:1' }];
  const privileged = [
    { op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: container.securityContext },
  ];
  await wanted(kubectl('patch', 'deployment', 'web', '--type=json', '-p', JSON.stringify([...image, ...privileged])));
  const running = ['--for=jsonpath={.status.phase}=Running', 'pods', '-l', 'job-name=report-now', '--timeout=90s'];
  await wanted(kubectl('wait', ...running));
  await wanted(kubectl('rollout', 'status', 'daemonset/daemon', '--timeout=90s'));
  await wanted(kubectl('wait', '--for=jsonpath={.status.updatedReplicas}=1', 'deployment/web', '--timeout=60s'));
  expect(await scanned({ namespace, pageSize: 2 })).toEqual({
    subjects: [
      'CronJob scan/report 1 deny stops: no-privileged-containers template+1',
      'DaemonSet scan/daemon 1 deny stops: no-privileged-containers template+1',
      'Deployment scan/web 3 deny stops: no-privileged-containers template+1',
      'Pod scan/bare 1 deny: no-privileged-containers +1',
    ],
    unreadable: [],
  });
});

test('the whole cluster is scanned, except for excluded namespaces', async () => {
  const system = kubectlOf('kube-system');
  await wanted(system.send(pod('of-the-system'), 'create', '-f', '-'));
  onTestFinished(() => void system('delete', 'pod', 'of-the-system', '--now'));
  const surroundings = await readSurroundings(client, { minor: 36, now: 0 });
  const isExcluded = await excludedNamespaces(client, surroundings);
  const all = await scanned();
  const seen = await scanned({ isExcluded });
  const isSystem = (subject: string) => /^\w+ kube-(?:system|node-lease)\//.test(subject);
  expect(all.subjects).toContainEqual(expect.stringMatching(/^Pod kube-system\/of-the-system 1 allow/));
  expect(seen.subjects).toEqual(all.subjects.filter((subject) => !isSystem(subject)));
});

describe.skipIf(!hasDefinitions)('a custom kind', () => {
  const definitions = (): string => definitionsOf('argoproj.io_rollouts');
  const rollout = 'rollouts.argoproj.io';

  beforeAll(async () => {
    const { code } = await kubectl('get', 'customresourcedefinition', rollout);
    if (code !== 0) await wanted(inNode(['kubectl', 'create', '-f', '-'], definitions()));
    await wanted(
      kubectl('wait', '--for=condition=Established', `customresourcedefinition/${rollout}`, '--timeout=60s'),
    );
    return () => wanted(kubectl('delete', 'customresourcedefinition', rollout));
  });

  test('is the owner of the ReplicaSets that its controller makes', async () => {
    const { selector, metadata } = labels('canary');
    const template = { metadata, spec: pod('', { container }).spec };
    const { metadata: made } = await kubectl.create<{ metadata: { uid: string } }>({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'canary' },
      spec: { replicas: 1, selector, template },
    });
    const owner = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'canary',
      uid: made.uid,
      controller: true,
    };
    await create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'canary-1', ownerReferences: [owner] },
      spec: { replicas: 1, selector, template },
    });
    await wanted(kubectl('wait', '--for=jsonpath={.status.replicas}=1', 'replicaset/canary-1', '--timeout=60s'));
    const { subjects } = await scanned({ namespace });
    expect(subjects.filter((subject) => subject.includes('canary'))).toEqual([
      'Rollout scan/canary 1 deny stops: no-privileged-containers template+1',
    ]);
  });
});
