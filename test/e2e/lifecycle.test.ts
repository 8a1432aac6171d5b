import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inNode, type Kubectl, kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { pod } from '../apiserver/support/podwright.ts';
import { until } from '../apiserver/support/until.ts';
import { chart, helms } from '../chart/support/helm.ts';
import { install, podsOf, type Release, untilSettled } from './support/release.ts';
import { privilegedPod, startTraffic } from './support/traffic.ts';

const run = promisify(execFile);
const earlierValues = ['replicas=1', 'mode=enforce', 'logLevel=debug', 'preStopSeconds=1', 'shutdownDelaySeconds=4'];

describe.each(helms)('%s', (helm) => {
  const namespace = `lifecycle-${helm}`;
  let folder: string;
  let kubectl: Kubectl;
  let release: Release;

  beforeAll(async () => {
    kubectl = await kubectlIn(namespace);
    folder = await mkdtemp(join(tmpdir(), 'podwright-chart-'));
    await run(helm, ['package', chart, '--version', '0.0.1', '--destination', folder]);
    const from = join(folder, 'podwright-0.0.1.tgz');
    release = await install(`podwright-${helm}`, ['--set', earlierValues.join(',')], { helm, from });
  });
  afterAll(async () => {
    await release.helm('uninstall', 'podwright', '--ignore-not-found');
    await rm(folder, { recursive: true });
  });

  test('an upgrade from an earlier chart with other values misses no Pod, nor does the way back', async () => {
    expect(await chartOfRelease()).toBe('podwright-0.0.1');
    const traffic = await startTraffic(namespace);
    await release.upgrade('--set', 'replicas=2,logLevel=info,labels.stage=late');
    await untilSettled(release);
    expect(await chartOfRelease()).toBe('podwright-0.1.0');
    await release.helm('rollback', 'podwright', '1', '--wait', '--timeout', '90s');
    await untilSettled(release, 1);
    const { sent, surprises } = await traffic.stop();
    expect(surprises).toEqual([]);
    expect(sent).toBeGreaterThan(50);
    expect(await chartOfRelease()).toBe('podwright-0.0.1');
  });

  test('uninstalling while every Pod crashes leaves a working cluster and no objects of Podwright', async () => {
    const crash = JSON.stringify([
      { op: 'replace', path: '/spec/strategy', value: { type: 'Recreate' } },
      { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--nonsense' },
    ]);
    await wanted(release.kubectl('patch', 'deployment', 'podwright', '--type', 'json', '--patch', crash));
    await until('the Pod to crash', async () => {
      const pods = await podsOf(release);
      return pods.length === 1 && pods.every(hasCrashed);
    });
    await until('a Pod to be refused for want of an answer', async () => {
      const { stderr } = await kubectl.send(pod('refused'), 'create', '--dry-run=server', '-f', '-');
      return stderr.includes('failed calling webhook "pods.validate.podwright.dev"');
    });

    await release.helm('uninstall', 'podwright');
    const kinds = 'mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings';
    const { stdout: left } = await wanted(inNode(['kubectl', 'get', kinds, '-o', 'name']));
    expect(left.split('\n').filter((name) => name.includes('podwright'))).toEqual([]);
    await kubectl.create(privilegedPod('works'));
    await wanted(kubectl('wait', '--for=condition=Ready', 'pod/works', '--timeout=60s'));
    await wanted(kubectl('delete', 'namespace', release.kubectl.namespace, '--timeout=60s'));
  });

  async function chartOfRelease(): Promise<string | undefined> {
    const { metadata } = await release.kubectl.get('deployment', 'podwright');
    return metadata.labels?.['helm.sh/chart'];
  }
});

const hasCrashed = ({ status }: Awaited<ReturnType<typeof podsOf>>[number]): boolean =>
  (status.containerStatuses?.[0]?.restartCount ?? 0) > 0;
