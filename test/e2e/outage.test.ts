import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { deployment, pod } from '../apiserver/support/podwright.ts';
import { until } from '../apiserver/support/until.ts';
import { restartNode } from './support/api-server-process.ts';
import { install, podsOf, type Release, untilSettled } from './support/release.ts';
import { privilegedPod } from './support/traffic.ts';

const brief = { spec: { terminationGracePeriodSeconds: 1 } };
let release: Release;
/** In a namespace that Podwright is asked about. */
let shop: Kubectl;
/** In one of those that the chart leaves out. */
let network: Kubectl;

beforeAll(async () => {
  shop = await kubectlIn('shop');
  network = await kubectlIn('calico-system');
  release = await install('podwright-outage', ['--set', 'mode=enforce']);
  await shop.create(deployment('web', 2, brief));
  await shop.create(job('ends'));
  await kubectlIn('leaving');
  await wanted(shop('rollout', 'status', 'deployment/web', '--timeout=60s'));
  await wanted(shop('wait', '--for=jsonpath={.status.ready}=1', 'job/ends', '--timeout=60s'));
});
afterAll(() => release.uninstall());

describe('while there is no replica, under failurePolicy Fail,', () => {
  beforeAll(async () => {
    await wanted(release.kubectl('scale', 'deployment/podwright', '--replicas=0'));
    await wanted(release.kubectl('delete', 'pods', '--all', '--force', '--grace-period=0'));
    await until(
      'a Pod to be refused',
      async () => (await shop.send(pod('new'), 'create', '--dry-run=server', '-f', '-')).code === 1,
    );
  });

  test('a new Pod is denied because no replica answers', async () => {
    const refused = await shop.send(pod('new'), 'create', '-f', '-');
    expect(refused.stderr).toMatch(
      /^Error from server \(InternalError\): .*failed calling webhook "pods\.validate\.podwright\.dev"/,
    );
  });

  test('Pods in excluded namespaces always start', async () => {
    await network.create(privilegedPod('network'));
    await wanted(network('wait', '--for=condition=Ready', 'pod/network', '--timeout=60s'));
  });

  test('a Job finishes', async () => {
    await wanted(shop('exec', 'job/ends', '--', 'touch', '/tmp/end'));
    await wanted(shop('wait', '--for=condition=complete', 'job/ends', '--timeout=60s'));
  });

  test('a Deployment is scaled down', async () => {
    await wanted(shop('scale', 'deployment/web', '--replicas=1'));
    await wanted(shop('wait', '--for=jsonpath={.status.replicas}=1', 'deployment/web', '--timeout=60s'));
  });

  test('a namespace is deleted', async () => {
    await wanted(shop('delete', 'namespace', 'leaving', '--timeout=60s'));
  });

  test('requests are answered again once the replicas are back', async () => {
    await wanted(release.kubectl('scale', 'deployment/podwright', '--replicas=2'));
    await untilSettled(release);
    await untilEvaluated();
  });
});

test('after all replicas are lost at once, service recovers without intervention', async () => {
  await wanted(release.kubectl('delete', 'pods', '--all', '--force', '--grace-period=0'));
  await untilSettled(release);
  await untilEvaluated();
});

test('when the node starts without any replica, service recovers without intervention', async () => {
  const old = new Set((await podsOf(release)).map(({ metadata }) => metadata.uid));
  await wanted(release.kubectl('delete', 'pods', '--all', '--force', '--grace-period=0'));
  await restartNode();
  await network.create(privilegedPod('later'));
  await wanted(network('wait', '--for=condition=Ready', 'pod/later', '--timeout=90s'));
  await untilSettled(release);
  expect((await podsOf(release)).filter(({ metadata }) => old.has(metadata.uid))).toEqual([]);
  await untilEvaluated();
  await wanted(shop('rollout', 'status', 'deployment/web', '--timeout=60s'));
});

/** Waits until Pods are repaired and denied again. */
async function untilEvaluated(): Promise<void> {
  await until('Pods to be evaluated', async () => {
    const denied = await shop.send(privilegedPod('denied'), 'create', '--dry-run=server', '-f', '-');
    const repaired = await shop.send(pod('repaired'), 'create', '--dry-run=server', '-o', 'json', '-f', '-');
    return denied.stderr.includes('denied the request') && repaired.stdout.includes('podwright.dev/fixed');
  });
}

/** A Job whose Pod runs until it finds a file. */
function job(name: string) {
  const more = { container: { command: ['sh', '-c', 'until [ -e /tmp/end ]; do sleep 0.1; done'] } };
  const spec = { ...pod('', more).spec, restartPolicy: 'Never' };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template: { spec } } };
}
