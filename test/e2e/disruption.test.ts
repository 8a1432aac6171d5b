import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Lease } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect } from '../apiserver/support/api-server.ts';
import { kubectlIn, wanted } from '../apiserver/support/kubectl.ts';
import { until } from '../apiserver/support/until.ts';
import { restartApiServer } from './support/api-server-process.ts';
import { currentKubeconfig } from './support/helm.ts';
import { images, tags } from './support/images.ts';
import { install, logsOf, podsOf, type Release, untilSettled } from './support/release.ts';
import { createOne, startTraffic, type Traffic } from './support/traffic.ts';
import { type WebhookFailures, webhookFailures } from './support/webhook-failures.ts';

const namespace = 'disruption';
const none: WebhookFailures = { failOpen: 0, callingErrors: 0 };
let release: Release;
let traffic: Traffic;
let before: WebhookFailures;

beforeAll(async () => {
  await kubectlIn(namespace);
  // An API server learns of a new authority at once here; in a cluster of many it is given a minute.
  const wait = '{"name":"PODWRIGHT_SERVE_CERTIFICATE_WAIT","value":"3"}';
  release = await install('podwright-disruption', ['--set', 'mode=enforce', '--set-json', `extraEnv=[${wait}]`]);
});
afterAll(() => release.uninstall());

beforeEach(async () => {
  before = await webhookFailures();
  traffic = await startTraffic(namespace);
});
afterEach(() => traffic.stop());

/** Expects that every Pod was evaluated, those of the next two seconds included. */
async function expectNothingMissed(): Promise<void> {
  await sleep(2_000);
  const { sent, surprises } = await traffic.stop();
  expect(surprises).toEqual([]);
  expect(sent).toBeGreaterThan(20);
  const after = await webhookFailures();
  expect({
    failOpen: after.failOpen - before.failOpen,
    callingErrors: after.callingErrors - before.callingErrors,
  }).toEqual(none);
}

interface Certificate {
  readonly data: Readonly<Record<string, string>>;
}
const certificate = (): Promise<Certificate> => release.kubectl.get('secret', 'podwright-certificate');

test('the certificate is renewed', async () => {
  const old = await certificate();
  await wanted(release.kubectl('annotate', 'secret', 'podwright-certificate', 'podwright.dev/rotate=now'));
  await until('another certificate', async () => (await certificate()).data['tls.crt'] !== old.data['tls.crt']);
  await until('both Pods to serve it', async () => {
    const logs = await logsOf(release);
    return logs.every((log) => log.split('new connections use the new certificate').length > 2);
  });
  await expectNothingMissed();
});

test('the Secret of the certificate is deleted', async () => {
  await wanted(release.kubectl('delete', 'secret', 'podwright-certificate'));
  await until(
    'the Secret to be back',
    async () => (await release.kubectl('get', 'secret', 'podwright-certificate')).code === 0,
  );
  await until('the certificate to be back', async () => (await certificate()).data['tls.crt'] !== undefined);
  await expectNothingMissed();
});

test('a replica is deleted', async () => {
  const [first] = await podsOf(release);
  await wanted(release.kubectl('delete', 'pod', first?.metadata.name ?? '', '--wait=false'));
  await untilSettled(release);
  await expectNothingMissed();
});

test('the leader is deleted, and another replica leads and scans', async () => {
  const leader = await scanningLeader();
  await wanted(release.kubectl('delete', 'pod', leader, '--wait=false'));
  await untilSettled(release);
  expect(await scanningLeader()).not.toBe(leader);
  await expectNothingMissed();
});

/** The Pod that holds the Lease, as soon as it has scanned the cluster. */
async function scanningLeader(): Promise<string> {
  let leader = '';
  await until('a scan by the leader', async () => {
    const { spec } = await release.kubectl.get<V1Lease>('lease', 'podwright');
    leader = spec?.holderIdentity?.split('_')[0] ?? '';
    const pods = await podsOf(release);
    const logs = await logsOf(release);
    return logs[pods.findIndex(({ metadata }) => metadata.name === leader)]?.includes('"event":"scan"') === true;
  });
  return leader;
}

test('all replicas are restarted, one after the other', async () => {
  await wanted(release.kubectl('rollout', 'restart', 'deployment/podwright'));
  await wanted(release.kubectl('rollout', 'status', 'deployment/podwright', '--timeout=90s'));
  await untilSettled(release);
  await expectNothingMissed();
});

test('the image is upgraded', async () => {
  await release.upgrade('--set', `image.tag=${tags.second}`);
  await untilSettled(release);
  const used = (await podsOf(release)).map(({ spec }) => spec.containers[0]?.image);
  expect(used).toEqual([images.second, images.second]);
  await expectNothingMissed();
});

test('a restart of the API server does not require a restart of Podwright', async () => {
  await traffic.stop();
  const pods = await podsOf(release);
  const restarts = (of: typeof pods) =>
    Object.fromEntries(of.map(({ metadata, status }) => [metadata.uid, status.containerStatuses?.[0]?.restartCount]));
  await restartApiServer();
  const api = await connect(await currentKubeconfig(), 1);
  for (const n of Array.from({ length: 20 }, (_, index) => index))
    expect(await createOne(api, namespace, n)).toBeUndefined();
  expect(await webhookFailures()).toEqual(none);
  expect(restarts(await podsOf(release))).toEqual(restarts(pods));
});
