import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { openApiClient } from '../../src/cluster/api/api-client.ts';
import { type NamespaceCache, openNamespaceCache } from '../../src/cluster/namespaces/index.ts';
import { subjectOf } from '../../src/subject/pod-subject.ts';
import { kubectlIn, kubectlOf, wanted } from './support/kubectl.ts';
import { pod } from './support/podwright.ts';
import { until } from './support/until.ts';

let cache: NamespaceCache;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'podwright-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, inject('kubeconfig'));
  const metrics = { restarted: () => undefined, heard: () => undefined };
  cache = openNamespaceCache({ client: openApiClient({ kubeconfig }), metrics, log: pino({ level: 'silent' }) });
  await until('the cache to be ready', async () => cache.isReady, 20);
  return async () => {
    cache.close();
    await rm(folder, { recursive: true });
  };
});

const limitRange = (name: string, ...limits: readonly object[]) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name },
  spec: { limits },
});

test('a namespace is known from its creation to its deletion, with its current labels', async () => {
  const name = 'known-for-a-while';
  const kubectl = kubectlOf(name);
  expect(cache.settled('kube-system', { waitMs: 250, wantsLimits: true })).toBeUndefined();
  expect(cache.labelsOf(name)).toBeUndefined();
  const coming = cache.settled(name, { waitMs: 20_000, wantsLimits: false });
  await wanted(
    kubectl.send(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: 'one' } } },
      'create',
      '-f',
      '-',
    ),
  );
  await coming;
  const own = { 'kubernetes.io/metadata.name': name };
  expect(cache.labelsOf(name)).toEqual({ ...own, team: 'one' });

  await wanted(
    kubectl.send(limitRange('memory', { type: 'Container', default: { memory: '1Gi' } }), 'create', '-f', '-'),
  );
  await until('the LimitRange', async () => cache.limitDefaultsOf(name).length === 1, 10);
  expect(cache.limitDefaultsOf(name)).toEqual([{ limits: { memory: '1Gi' }, requests: { memory: '1Gi' } }]);
  expect(cache.settled(name, { waitMs: 250, wantsLimits: true })).toBeUndefined();

  await wanted(kubectl('label', 'namespace', name, 'team=two', '--overwrite'));
  await until('the new label', async () => cache.labelsOf(name)?.['team'] === 'two', 10);
  await wanted(kubectl('delete', 'limitrange', 'memory'));
  await until('the end of the LimitRange', async () => cache.limitDefaultsOf(name).length === 0, 10);
  await wanted(kubectl('delete', 'namespace', name));
  await until('the end of the namespace', async () => cache.labelsOf(name) === undefined, 30);
});

interface Containers {
  readonly initContainers?: readonly Container[] | undefined;
  readonly containers: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly resources?: { readonly limits?: object; readonly requests?: object };
}

/** What the containers need, by name. */
function needs({ initContainers = [], containers }: Containers): object {
  const all = [...initContainers, ...containers];
  return Object.fromEntries(
    all.map(({ name, resources: { limits = {}, requests = {} } = {} }) => [name, { limits, requests }]),
  );
}

const image = inject('image');
const container = (name: string, resources?: object) => ({ name, image, ...(resources && { resources }) });

/** Containers that leave open more or less. */
const spec = {
  initContainers: [
    container('init'),
    { ...container('sidecar', { limits: { cpu: '150m' } }), restartPolicy: 'Always' },
  ],
  containers: [
    container('nothing'),
    container('request', { requests: { cpu: '110m' } }),
    container('limit', { limits: { cpu: '120m', memory: '64Mi' } }),
    container('both', { limits: { cpu: '130m' }, requests: { cpu: '120m', memory: '48Mi' } }),
  ],
};

const cases: readonly (readonly [string, readonly object[]])[] = [
  ['only a maximum', [{ type: 'Container', max: { cpu: '200m', memory: '64Mi' } }]],
  ['only a minimum', [{ type: 'Container', min: { cpu: '100m' } }]],
  ['a default without a request', [{ type: 'Container', default: { cpu: '140m', memory: '80Mi' } }]],
  ['a request without a default', [{ type: 'Container', defaultRequest: { cpu: '105m', memory: '40Mi' } }]],
  [
    'everything at once, and limits of Pods',
    [
      { type: 'Pod', max: { cpu: '2', memory: '4Gi' } },
      {
        type: 'Container',
        max: { cpu: '200m', memory: '128Mi', 'ephemeral-storage': '2Gi' },
        min: { cpu: '50m', memory: '16Mi' },
        default: { cpu: '140m' },
        defaultRequest: { memory: '20Mi' },
      },
    ],
  ],
];

describe('containers get of LimitRanges what the API server gives them, with', () => {
  test.for([
    ...cases.map(([what, limits]) => [what, [limitRange('limits', ...limits)]] as const),
    [
      'several LimitRanges',
      [
        limitRange('cpu', { type: 'Container', default: { cpu: '140m' }, defaultRequest: { cpu: '105m' } }),
        limitRange('memory', { type: 'Container', max: { memory: '96Mi' }, defaultRequest: { memory: '32Mi' } }),
        limitRange('storage', { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }),
      ],
    ] as const,
  ])('%s', async ([what, limitRanges]) => {
    const name = what.toLowerCase().replaceAll(/[^a-z]+/g, '-');
    const kubectl = await kubectlIn(name);
    for (const each of limitRanges) await wanted(kubectl.send(each, 'create', '-f', '-'));
    await until('the LimitRanges', async () => cache.limitDefaultsOf(name).length === limitRanges.length, 10);
    for (const more of [{}, { resources: { limits: { cpu: '1' }, requests: { cpu: '700m', memory: '1Gi' } } }]) {
      const given = pod('given', { spec: { ...spec, ...more } });
      const stored = await kubectl.create<{ spec: Containers }>(given, '--dry-run=server');
      const subject = subjectOf({ pod: given, limitDefaults: cache.limitDefaultsOf(name) });
      expect(needs(subject.spec as Containers)).toEqual(needs(stored.spec));
      // It is not as it was given.
      expect(needs(stored.spec)).not.toEqual(needs(spec));
    }
    await wanted(kubectl('delete', 'namespace', name, '--wait=false'));
  });
});
