import { beforeAll, describe, expect, test } from 'vitest';
import { type Kubectl, kubectlIn, type Printed, wanted } from './support/kubectl.ts';
import { deployment, type Podwright, pod, startPodwright } from './support/podwright.ts';

const namespace = 'outage';
const finalizers = ['podwright.dev/test'];
let podwright: Podwright;
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlIn(namespace);
  podwright = await startPodwright();
  return podwright.stop;
});
beforeAll(async () => {
  const brief = { spec: { terminationGracePeriodSeconds: 1 } };
  await kubectl.create(pod('good', { ...brief, metadata: { finalizers } }));
  await kubectl.create(deployment('web', 2, brief));
  await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'));
});

const done = (stdout: string) => ({ code: 0, stdout: `${stdout}\n`, stderr: '' });

describe('while no replica answers, under failurePolicy Fail,', () => {
  beforeAll(async () => {
    await kubectl.create(job('ends'));
    await wanted(kubectl('wait', '--for=jsonpath={.status.ready}=1', 'job/ends', '--timeout=60s'));
    await podwright.kill();
  });

  test('a new Pod is refused', async () => {
    const refused = await kubectl.send(pod('new'), 'create', '-f', '-');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /^Error from server \(InternalError\): .*: failed calling webhook "pods\.validate\.podwright\.dev": .*connection refused\n$/,
    );
  });

  test('a Job ends', async () => {
    await wanted(kubectl('exec', 'job/ends', '--', 'touch', '/tmp/end'));
    await wanted(kubectl('wait', '--for=condition=complete', 'job/ends', '--timeout=60s'));
  });

  test('Pods are labelled, annotated and deleted, and lose their finalizers', async () => {
    expect(await kubectl('label', 'pod', 'good', 'stage=late')).toEqual(done('pod/good labeled'));
    expect(await kubectl('annotate', 'pod', 'good', 'note=old')).toEqual(done('pod/good annotated'));
    expect((await kubectl('delete', 'pod', 'good', '--wait=false')).code).toBe(0);
    const patch = JSON.stringify({ metadata: { finalizers: null } });
    expect(await kubectl('patch', 'pod', 'good', '--type', 'merge', '-p', patch)).toEqual(done('pod/good patched'));
    await wanted(kubectl('wait', '--for=delete', 'pod/good', '--timeout=30s'));
  });

  test('a Deployment is scaled down', async () => {
    const scaled = await kubectl('scale', 'deployment', 'web', '--replicas=1');
    expect(scaled).toEqual(done('deployment.apps/web scaled'));
    await wanted(kubectl('wait', '--for=jsonpath={.status.replicas}=1', 'deployment/web', '--timeout=30s'));
  });

  test('a Deployment is restarted, changed and created', async () => {
    const restarted = await kubectl('rollout', 'restart', 'deployment/web');
    expect(restarted).toEqual(done('deployment.apps/web restarted'));
    const changed = await kubectl('set', 'env', 'deployment/web', 'STAGE=late');
    expect(changed).toEqual(done('deployment.apps/web env updated'));
    expect(await create(deployment('late', 1))).toEqual(done('deployment.apps/late created'));
  });

  test('the last Pod of a Deployment that is restarted stays', async () => {
    const available = '--for=jsonpath={.status.availableReplicas}=1';
    await wanted(kubectl('wait', available, 'deployment/web', '--timeout=10s'));
  });
});

describe('when the server is back', () => {
  beforeAll(async () => {
    await podwright.restart();
    await podwright.answered();
  });

  test('a new Pod passes', async () => {
    expect(await create(pod('new'))).toEqual(done('pod/new created'));
  });

  test('pending work completes', async () => {
    await wanted(kubectl('rollout', 'status', 'deployment/web', '--timeout=90s'));
    await wanted(kubectl('rollout', 'status', 'deployment/late', '--timeout=90s'));
  });
});

const create = async (object: object): Promise<Printed> => {
  const printed = await kubectl.send(object, 'create', '-f', '-');
  return { ...printed, stderr: printed.stderr.replaceAll(/^Warning: .*\n/gm, '') };
};

/** A Job whose Pod runs until it finds a file. */
function job(name: string) {
  const { spec } = pod('', { container: { command: ['sh', '-c', 'until [ -e /tmp/end ]; do sleep 0.1; done'] } });
  const template = { spec: { ...spec, restartPolicy: 'Never' } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template } };
}
