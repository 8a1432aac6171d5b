import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../../src/cluster/api/index.ts';
import type { Policy } from '../../../src/engine/policy.ts';
import { type PolicyDocument, resolve } from '../../../src/policy/resolve.ts';
import { readTeamExemptions } from '../../../src/policy/team-exemptions.ts';
import { rules } from '../../../src/rules/index.ts';
import {
  measureSelfService,
  openSelfService,
  type RejectedExemptions,
} from '../../../src/server/self-service/index.ts';
import { type FakeAnswer, startFakeApi } from '../../cluster/support/fake-api.ts';
import { storedObjects } from '../../cluster/support/fake-collection.ts';
import { keptLog, testMetrics, until } from '../support.ts';

const path = '/api/v1/configmaps';
const dayMs = 24 * 3600_000;
const today = Date.parse('2026-11-28T12:00:00Z');

const exemption = (name: string, rule: string, expires: string): string =>
  `  - { name: ${name}, rules: [${rule}], match: { workloads: [Deployment/*] }, reason: r, owner: shop, expires: ${expires} }\n`;
const configMap = (namespace: string, ...exemptions: readonly string[]) => ({
  metadata: { namespace, name: 'podwright-exemptions', uid: `uid-of-${namespace}` },
  data: { 'exemptions.yaml': `exemptions:\n${exemptions.join('')}` },
});
const cpu = exemption('cpu', 'require-cpu-request', '2026-12-05');
const policyOf = (document: PolicyDocument = {}): Policy =>
  resolve({ selfService: { rules: ['require-cpu-request'], maximumDays: 14 }, ...document }, rules);

interface Given {
  readonly policy?: Policy;
  readonly fault?: () => FakeAnswer | undefined;
  /** Called before a text is read, which waits for it. */
  readonly onRead?: (text: string) => Promise<void> | void;
}

async function start({ policy = policyOf(), fault, onRead }: Given = {}) {
  const stored = storedObjects('ConfigMap', [configMap('shop', cpu)]);
  const api = await startFakeApi({ [path]: stored });
  if (fault !== undefined) api.interfere(fault);
  const { log, lines } = keptLog('info');
  const { metrics, valueOf } = testMetrics();
  const world = { policy, now: today };
  const rejected: RejectedExemptions[] = [];
  const selfService = await openSelfService({
    policy: () => world.policy,
    now: () => world.now,
    onProblems: (each) => rejected.push(each),
    client: openApiClient({ kubeconfig: api.kubeconfig }),
    async read(text) {
      await onRead?.(text);
      return readTeamExemptions(text, rules);
    },
    metrics: { restarted: () => undefined, heard: () => undefined },
    log,
    backoff: { firstMs: 20, longestMs: 80 },
  });
  onTestFinished(() => selfService.close());
  measureSelfService(metrics.registry, selfService);
  const namesIn = (namespace: string): string[] => selfService.policyIn(namespace).exemptions.map(({ name }) => name);
  return { api, stored, world, selfService, namesIn, rejected, lines, valueOf };
}

async function startKnown(given: Given = {}) {
  const all = await start(given);
  await until(() => all.selfService.problems().length === 0 && all.api.watches.count(path) === 1);
  return all;
}

test('only the namespace of the ConfigMap has its exemptions, and a scan has all', async () => {
  const { api, world, selfService, namesIn, stored, valueOf } = await startKnown();
  stored.put(configMap('cart', cpu, exemption('net', 'no-host-network', '2026-12-05')));
  await until(() => namesIn('cart').length > 0);
  expect(namesIn('shop')).toEqual(['shop/podwright-exemptions/cpu']);
  expect(namesIn('cart')).toEqual(['cart/podwright-exemptions/cpu']);
  expect(selfService.policyIn('other')).toBe(world.policy);
  expect(selfService.policyEverywhere().exemptions.map(({ name }) => name)).toEqual([
    'shop/podwright-exemptions/cpu',
    'cart/podwright-exemptions/cpu',
  ]);
  expect(selfService.policyEverywhere().hash).toBe(world.policy.hash);
  expect(await valueOf('self_service_exemptions')).toBe(2);
  expect(await valueOf('self_service_problems')).toBe(1);
  const asked = api.requests.filter((request) => request.path === path);
  expect([...new Set(asked.map(({ query }) => query.get('fieldSelector')))]).toEqual([
    'metadata.name=podwright-exemptions',
  ]);
});

test('what is not granted is reported once with its reasons, and again when those are others', async () => {
  const { stored, namesIn, rejected, world, selfService } = await startKnown();
  expect(rejected).toEqual([]);
  const both = configMap('shop', cpu, exemption('net', 'no-host-network', '2026-12-05'));
  stored.put(both);
  await until(() => rejected.length === 1);
  world.now += dayMs;
  selfService.policyIn('shop');
  const forbidden =
    'exemptions.yaml:3:26: exemptions[1].rules[0]: the policy does not let teams exempt no-host-network, only require-cpu-request';
  expect(rejected).toEqual([{ namespace: 'shop', uid: 'uid-of-shop', problems: [forbidden] }]);
  expect(namesIn('shop')).toEqual(['shop/podwright-exemptions/cpu']);
  world.policy = policyOf({ selfService: { rules: ['require-cpu-request'], maximumDays: 1 } });
  selfService.policyIn('shop');
  expect(rejected.map(({ problems }) => problems.length)).toEqual([1, 3]);
});

test('what changes, becomes invalid or goes is in force at once, and is logged', async () => {
  const { stored, namesIn, lines } = await startKnown();
  stored.put({ ...configMap('shop'), data: { 'exemptions.yaml': 'exemptions: {}\n' } });
  await until(() => namesIn('shop').length === 0);
  stored.put(configMap('shop', cpu));
  await until(() => namesIn('shop').length === 1);
  stored.remove(configMap('shop'));
  await until(() => namesIn('shop').length === 0);
  const granted = {
    namespace: 'shop',
    exemptions: [
      {
        name: 'shop/podwright-exemptions/cpu',
        rules: ['require-cpu-request'],
        owner: 'shop',
        expires: '2026-12-05',
      },
    ],
    problems: [],
  };
  expect(
    lines.map(({ level, msg, namespace, exemptions, problems }) => ({ level, msg, namespace, exemptions, problems })),
  ).toEqual([
    { level: 'info', msg: 'exemptions of a team are in force', ...granted },
    {
      level: 'warn',
      msg: 'exemptions of a team have no effect',
      namespace: 'shop',
      exemptions: [],
      problems: ['ConfigMap shop/podwright-exemptions exemptions.yaml:1:1: exemptions: must be a list, not a mapping'],
    },
    { level: 'info', msg: 'exemptions of a team are in force', ...granted },
    { level: 'info', msg: 'the exemptions of a team have ended', namespace: 'shop' },
  ]);
});

test('a text that is read late does not replace a newer one', async () => {
  const begun = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const { stored, namesIn, lines } = await startKnown({
    onRead(text) {
      if (!text.includes('late')) return;
      begun.resolve();
      return late.promise;
    },
  });
  stored.put(configMap('shop', exemption('late', 'require-cpu-request', '2026-12-05')));
  await begun.promise;
  stored.put(configMap('shop', exemption('newer', 'require-cpu-request', '2026-12-05')));
  await until(() => namesIn('shop').includes('shop/podwright-exemptions/newer'));
  late.resolve();
  // what is written next is also read next
  stored.put(configMap('cart', cpu));
  await until(() => namesIn('cart').length > 0);
  expect(namesIn('shop')).toEqual(['shop/podwright-exemptions/newer']);
  expect(JSON.stringify(lines)).not.toContain('podwright-exemptions/late');
});

test('a policy that takes the permission back ends them, and one that gives it starts the watch', async () => {
  const { world, namesIn, selfService, api } = await startKnown();
  const on = world.policy;
  world.policy = policyOf({ selfService: { rules: ['no-host-network'] } });
  expect(namesIn('shop')).toEqual([]);
  world.policy = resolve({}, rules);
  expect(selfService.policyIn('shop')).toBe(world.policy);
  expect(selfService.problems()).toEqual([]);
  await until(() => api.watches.count(path) === 0);
  world.policy = on;
  expect(selfService.problems()).toEqual(['the exemptions of teams have not been read yet']);
  await until(() => namesIn('shop').length === 1);
});

test('one that expires too late has no effect before its last days', async () => {
  const { stored, world, namesIn } = await startKnown();
  stored.put(configMap('shop', exemption('far', 'require-cpu-request', '2026-12-13')));
  await until(() => namesIn('shop').length === 0);
  world.now += dayMs;
  expect(namesIn('shop')).toEqual(['shop/podwright-exemptions/far']);
});

test('until they are known, nothing is exempt, and requests wait', async () => {
  let isAway = true;
  const { selfService, namesIn } = await start({
    fault: () => (isAway ? { status: 503, body: {} } : undefined),
  });
  expect(selfService.problems()).toEqual(['the exemptions of teams have not been read yet']);
  expect(namesIn('shop')).toEqual([]);
  expect(selfService.settled(0)).toBe(undefined);
  await selfService.settled(1);
  expect(namesIn('shop')).toEqual([]);
  const settled = selfService.settled(60_000);
  isAway = false;
  await settled;
  expect(namesIn('shop')).toEqual(['shop/podwright-exemptions/cpu']);
  expect(selfService.settled(60_000)).toBe(undefined);
});

test('without the permission to read them, nothing waits for them', async () => {
  const { selfService, namesIn, lines } = await start({
    fault: () => ({ status: 403, body: { message: 'forbidden' } }),
  });
  await until(() => selfService.problems().length === 0);
  expect(namesIn('shop')).toEqual([]);
  expect(lines.map(({ msg }) => msg)).toEqual([
    'exemptions may not be read, so those of teams have no effect; set selfService.enabled in the chart; retrying',
  ]);
});
