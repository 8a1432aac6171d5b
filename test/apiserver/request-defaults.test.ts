import { beforeAll, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, type StoredPod, wanted } from './support/kubectl.ts';
import { deployment, type Podwright, startPodwright } from './support/podwright.ts';
import { until } from './support/until.ts';

const namespace = 'request-defaults';
const policy = `apiVersion: podwright.dev/v1alpha1
kind: Policy
extends: none
rules:
  require-cpu-request:
    mode: enforce
    fix: true
    options:
      default: 20m
      defaults:
      - { workloads: [${namespace}/Deployment/web], container: app, value: 35m }
  require-memory-request:
    mode: enforce
    fix: true
    options:
      defaults:
      - { workloads: ["${namespace}/Deployment/*"], value: 24Mi }
`;
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright(policy);
  return podwright.stop;
});

const requestsOf = ({ spec }: StoredPod): object[] =>
  spec.containers.map((container) => (container as { resources: { requests?: object } }).resources.requests ?? {});

test('Pods of a workload get its requests, and so do those that replace them', async () => {
  await kubectl.create(deployment('web', 1, { container: { resources: {} } }));
  await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'));
  const podsOf = async (): Promise<StoredPod[]> =>
    (await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'app=web')).items;
  const [first] = await podsOf();
  expect(first && requestsOf(first)).toEqual([{ cpu: '35m', memory: '24Mi' }]);
  await wanted(kubectl('delete', 'pod', first?.metadata.name ?? '', '--grace-period=1'));
  let second: StoredPod | undefined;
  await until('another Pod', async () => {
    second = (await podsOf()).find(({ metadata }) => metadata.name !== first?.metadata.name);
    return second !== undefined;
  });
  expect(second && requestsOf(second)).toEqual([{ cpu: '35m', memory: '24Mi' }]);
});

test('others get the default of all, if there is one', async () => {
  await kubectl.create(deployment('api', 1, { container: { resources: {} } }));
  await wanted(kubectl('rollout', 'status', 'deployment/api', '--timeout=60s'));
  const { items } = await kubectl.get<{ items: StoredPod[] }>('pods', '-l', 'app=api');
  expect(items.map(requestsOf)).toEqual([[{ cpu: '20m', memory: '24Mi' }]]);
});
