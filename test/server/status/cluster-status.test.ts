import { expect, onTestFinished, test } from 'vitest';
import type { Decision } from '../../../src/admission/decision.ts';
import { ApiError } from '../../../src/cluster/api/api-client.ts';
import { everyMs, firstMs, refreshMs, troubledMs } from '../../../src/cluster/status/keep-status.ts';
import type { Exemption } from '../../../src/engine/exemption.ts';
import { openClusterStatus } from '../../../src/server/status/cluster-status.ts';
import type { Status } from '../../../src/status/status.ts';
import { startTime } from '../../cluster/support/fake-clock.ts';
import { openStore, type Way } from '../../cluster/support/fake-store.ts';
import { keptLog, policyOf } from '../support.ts';

const home = 'podwright-system';
const configMaps = `/api/v1/namespaces/${home}/configmaps`;
const path = `${configMaps}/podwright-status`;
const countsPath = `${path}-counts`;
const configurations = '/apis/admissionregistration.k8s.io/v1';
const labels = { 'kubernetes.io/metadata.name': 'shop' };

/** Replicas of one installation, on machines whose clocks agree. */
function start() {
  // slots of counts begin at full hours, so the time of day must not depend on when tests run
  const time = startTime(Date.parse('2026-11-29T10:30:00Z'));
  const store = openStore();
  const webhook = { name: 'pods.validate.podwright.dev', clientConfig: {}, failurePolicy: 'Ignore' };
  for (const kind of ['mutating', 'validating'])
    store.put(`${configurations}/${kind}webhookconfigurations/podwright`, { metadata: {}, webhooks: [webhook] });
  store.put(`/apis/apps/v1/namespaces/${home}/deployments/podwright`, {
    metadata: {},
    spec: { replicas: 2 },
    status: { readyReplicas: 1 },
  });
  const ofTeams: Exemption[] = [];
  async function join({ isLeader = true, way = {} }: { isLeader?: boolean; way?: Way } = {}) {
    const { log, lines } = keptLog('info');
    const clock = time.machine();
    const election = { isLeader, gain: (): void => undefined };
    const source = { policy: policyOf('audit'), since: clock.date(), problems: [] as string[] };
    const names = new Set(['shop']);
    const status = await openClusterStatus(
      { configMap: 'podwright-status', deployment: 'podwright', webhookConfiguration: 'podwright' },
      {
        source,
        certificates: { certificate: { cert: '', key: '', expires: new Date('2026-12-29') }, problems: () => [] },
        selfService: { policyEverywhere: () => ({ ...source.policy, exemptions: ofTeams }) },
        scan: undefined,
      },
      {
        cluster: {
          client: store.client(way),
          namespace: home,
          election: {
            get isLeader() {
              return election.isLeader;
            },
            leader: undefined,
            onGain(listener) {
              election.gain = listener;
              if (election.isLeader) listener();
            },
            close: () => Promise.resolve(),
          },
          namespaces: {
            isReady: true,
            problems: () => [],
            labelsOf: (name) => (names.has(name) ? labels : undefined),
            limitDefaultsOf: () => [],
            names: () => names,
            settled: () => undefined,
            close: () => undefined,
          },
        },
        log,
        clock,
      },
    );
    onTestFinished(async () => {
      const closed = status.close();
      await time.advance(0);
      await closed;
    });
    const ask = (namespace: string, verdict: Decision['verdict'], dryRun = false): void =>
      status.count({
        webhook: 'pods.validate.podwright.dev',
        request: { namespace, dryRun },
        verdict,
        patchOperations: 0,
      } as Decision);
    return { ask, election, source, names, lines, status };
  }
  const written = (): Status =>
    JSON.parse(store.get<{ data: Record<string, string> }>(path)?.data['status.json'] ?? 'null') as Status;
  const writes = (): number => store.calls.filter((call) => call.method === 'PATCH' && call.path === path).length;
  return { time, store, join, written, writes, ofTeams };
}

test('exemptions that teams have written are listed', async () => {
  const { time, join, written, ofTeams } = start();
  await join();
  const match = { workloads: ['Deployment/legacy'] };
  ofTeams.push({
    name: 'shop/podwright-exemptions/legacy',
    rules: ['run-as-non-root'],
    match,
    reason: 'r',
    owner: 'o',
  });
  await time.advance(firstMs);
  expect(written().exemptions.map(({ name }) => name)).toEqual(['shop/podwright-exemptions/legacy']);
});

const lastDay = ({ lastDay: { allowed, denied, repaired, wouldDeny } }: Status) => ({
  allowed,
  denied,
  repaired,
  wouldDeny,
});

test('the leader writes the state soon, for people and for programs', async () => {
  const { time, store, join, written } = start();
  await join();
  await time.advance(firstMs);
  const { written: at, ...status } = written();
  expect(Date.parse(at)).toBe(Math.floor(Date.parse(at) / 1000) * 1000);
  expect(status).toMatchObject({
    version: 1,
    replicas: { ready: 1, desired: 2 },
    policy: { hash: 'hash-of-audit', mode: 'audit', problems: [] },
    certificate: { expires: '2026-12-29T00:00:00Z', problems: [] },
    webhooks: {
      mutating: [{ failurePolicy: 'Ignore', hasCaBundle: false, coversPods: false }],
      validating: [{ failurePolicy: 'Ignore' }],
    },
    scan: null,
    modes: { audit: 1 },
    namespaces: [{ name: 'shop', mode: 'audit' }],
  });
  expect(store.get<{ data: Record<string, string> }>(path)?.data['summary']).toContain('replicas: 1 of 2 ready\n');
});

test('requests to all replicas are added, without dry runs and without names that are no namespaces', async () => {
  const { time, store, join, written } = start();
  const [leader, other] = [await join(), await join({ isLeader: false })];
  leader.ask('shop', 'deny');
  other.ask('shop', 'allow');
  other.ask('shop', 'audit_deny');
  other.ask('shop', 'deny', true);
  other.ask('invented', 'allow');
  await time.advance(firstMs + everyMs);
  expect(written().namespaces).toEqual([
    { name: 'shop', mode: 'audit', allowed: 1, denied: 1, repaired: 0, wouldDeny: 1 },
  ]);
  expect(lastDay(written())).toEqual({ allowed: 2, denied: 1, repaired: 0, wouldDeny: 1 });
  expect(Object.values(store.get<{ data: object }>(countsPath)?.data ?? {})).toEqual([
    '{\n"shop":[1,1,0,1],\n"":[1,0,0,0]\n}\n',
  ]);
});

test('a write of counts that another replica was faster with is repeated, and nothing is lost or counted twice', async () => {
  const { time, store, join, written } = start();
  const other = await join({ isLeader: false });
  let isFirst = true;
  const way: Way = {
    there({ method, path: at }) {
      if (method !== 'PATCH' || at !== countsPath || !isFirst) return;
      isFirst = false;
      const version = store.get<{ data: Record<string, string> }>(countsPath);
      const [slot = ''] = Object.keys(version?.data ?? {});
      store.put(countsPath, { metadata: {}, data: { [slot]: '{"shop":[10,0,0,0]}' } });
    },
  };
  other.ask('shop', 'allow');
  await time.advance(everyMs);
  const leader = await join({ way });
  leader.ask('shop', 'deny');
  await time.advance(firstMs);
  expect(isFirst).toBe(false);
  expect(lastDay(written())).toEqual({ allowed: 10, denied: 1, repaired: 0, wouldDeny: 0 });
});

test('it is written once a minute at most, if anything changed, and otherwise every four minutes', async () => {
  const { time, join, writes } = start();
  const { ask, source } = await join();
  await time.advance(firstMs);
  expect(writes()).toBe(1);
  await time.advance(refreshMs - 1);
  expect(writes()).toBe(1);
  await time.advance(1);
  expect(writes()).toBe(2);
  for (let minute = 0; minute < 3; minute += 1) {
    for (let requests = 0; requests < 10; requests += 1) {
      ask('shop', 'allow');
      await time.advance(everyMs / 10);
    }
  }
  expect(writes()).toBe(5);
  source.problems = ['policy.yaml:1:1: mode: required'];
  await time.advance(everyMs);
  expect(writes()).toBe(6);
});

test('a leader waits until the server has its certificate, no matter whether it led before the status was opened', async () => {
  const { time, join, writes } = start();
  await join();
  const other = await join({ isLeader: false });
  await time.advance(firstMs - 1);
  expect(writes()).toBe(0);
  await time.advance(1);
  expect(writes()).toBe(1);
  other.election.isLeader = true;
  other.election.gain();
  await time.advance(0);
  other.election.gain();
  await time.advance(firstMs - 1);
  expect(writes()).toBe(1);
});

test('a problem that was solved is gone within seconds', async () => {
  const { time, join, written, writes } = start();
  const { source } = await join();
  source.problems = ['policy.yaml:1:1: mode: required'];
  await time.advance(firstMs);
  expect(written().policy.problems).toEqual(['policy.yaml:1:1: mode: required']);
  await time.advance(3 * troubledMs);
  expect(writes()).toBe(1);
  source.problems = [];
  await time.advance(troubledMs);
  expect(written().policy.problems).toEqual([]);
});

test('counts end with the day', async () => {
  const { time, join, written } = start();
  const { ask } = await join();
  ask('shop', 'deny');
  await time.advance(20 * 3600_000);
  expect(lastDay(written()).denied).toBe(1);
  await time.advance(4 * 3600_000 + everyMs);
  expect(lastDay(written()).denied).toBe(0);
});

test('only the leader writes the status, and the next one continues it', async () => {
  const { time, join, written, writes } = start();
  const [first, second] = [await join(), await join({ isLeader: false })];
  await time.advance(everyMs);
  const { policy } = written();
  expect(writes()).toBe(1);
  first.election.isLeader = false;
  await time.advance(10 * everyMs);
  expect(writes()).toBe(1);
  second.source.since += 1_000_000;
  second.election.isLeader = true;
  second.election.gain();
  await time.advance(firstMs);
  expect(writes()).toBe(2);
  expect(written().policy).toEqual(policy);
});

test('while the API server cannot be reached, requests are kept, and the log reports it once', async () => {
  const { time, join, written } = start();
  let isCut = true;
  const way: Way = {
    there() {
      if (isCut) throw new ApiError('the API server cannot be reached');
    },
  };
  const { ask, lines } = await join({ way });
  ask('shop', 'deny');
  await time.advance(10 * everyMs);
  isCut = false;
  ask('shop', 'deny');
  await time.advance(10 * everyMs);
  expect(lastDay(written()).denied).toBe(2);
  expect(lines).toMatchObject([{ level: 'warn', msg: 'cannot write the status; retrying' }]);
});

test('without permission the log names what to do', async () => {
  const { time, join } = start();
  const way: Way = {
    there() {
      throw new ApiError('configmaps is forbidden', { status: 403 });
    },
  };
  const { lines } = await join({ way });
  await time.advance(firstMs);
  expect(lines).toMatchObject([
    {
      problem: 'configmaps is forbidden',
      msg: 'cannot write the status; grant the permissions of the chart, or turn the status off; retrying',
    },
  ]);
});

test('a replica that stops adds its last counts', async () => {
  const { time, store, join } = start();
  const { ask, status } = await join({ isLeader: false });
  await time.advance(everyMs);
  ask('shop', 'deny');
  await status.close();
  expect(Object.values(store.get<{ data: object }>(countsPath)?.data ?? {})).toEqual(['{\n"shop":[0,1,0,0]\n}\n']);
});
