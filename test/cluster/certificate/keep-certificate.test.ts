import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../../src/cluster/api/api-client.ts';
import { readBundle } from '../../../src/cluster/certificate/authorities.ts';
import { contentPatch, noContent, readContent } from '../../../src/cluster/certificate/certificate-secret.ts';
import { type KeeperOptions, keepCertificate } from '../../../src/cluster/certificate/keep-certificate.ts';
import type { Issued } from '../../../src/cluster/certificate/take-step.ts';
import { bundlesOf, type WebhookConfiguration } from '../../../src/cluster/webhook-configuration.ts';
import { issueCertificate } from '../../../src/server/certificate/issue-certificate.ts';
import { keptLog } from '../../server/support.ts';
import { type MachineOptions, startTime } from '../support/fake-clock.ts';
import { openStore, type StoreCall, type Way } from '../support/fake-store.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const secret = '/api/v1/namespaces/ns/secrets/tls';
const configurations = ['mutating', 'validating'].map(
  (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/podwright`,
);
const names = { namespace: 'ns', secret: 'tls', webhookConfiguration: 'podwright' };
const hosts = ['podwright.ns.svc'];
const timing = {
  lifeMs: 30 * day,
  renewBeforeMs: 10 * day,
  waitMs: minute,
  checkEveryMs: minute,
  stepMs: 250,
  republishMs: 5_000,
};
const ours = { 'podwright.dev/managed-by': 'podwright' };

/** What is issued, in this order; each expires a month after the one before. */
let issued: readonly Issued[] = [];
beforeAll(async () => {
  const order = { authority: 'podwright ns/tls', hosts, now: new Date() };
  issued = await Promise.all([1, 2, 3, 4].map((nth) => issueCertificate({ ...order, lifeMs: nth * timing.lifeMs })));
});

const contentOf = (pair: Issued) => ({
  ...noContent,
  current: { cert: pair.cert, key: pair.key },
  trusted: pair.ca,
});

/** An installation before its first start, and leaders that look after its certificate. */
function start(labels: Readonly<Record<string, string>> = ours) {
  const time = startTime();
  const store = openStore();
  store.put(secret, { metadata: { labels, annotations: {} } });
  for (const path of configurations)
    store.put(path, {
      metadata: {},
      webhooks: [
        { name: 'a', clientConfig: {} },
        { name: 'b', clientConfig: {} },
      ],
    });
  let next = 0;

  function lead(options: MachineOptions & Way & Partial<KeeperOptions> = {}) {
    const clock = time.machine(options);
    const { log, lines } = keptLog('info');
    const state = { isLeader: true, checks: 0, rotations: [] as string[] };
    const way: Way = {
      async there(call) {
        await options.there?.(call);
        await clock.running();
      },
      async back(call) {
        await options.back?.(call);
      },
    };
    const keeper = keepCertificate({
      client: store.client(way),
      names,
      hosts,
      timing,
      issue: () => Promise.resolve(issued[next++] as Issued),
      isLeader: () => state.isLeader,
      remembered: () => undefined,
      onRotation: (result) => state.rotations.push(result),
      onCheck: () => void (state.checks += 1),
      log,
      clock,
      ...options,
    });
    onTestFinished(async () => {
      void keeper.close();
      await time.advance(0);
    });
    const steps = () => lines.flatMap(({ step }) => step ?? []);
    return { keeper, clock, state, lines, steps };
  }
  const content = () => readContent(store.get(secret) ?? {});
  /** Whose authorities the webhooks trust, by the number of the pair; each list once. */
  function trusted(): readonly string[] {
    const idsOf = (pem: string) => readBundle(pem).authorities.map(({ id }) => id);
    const known = new Map(issued.flatMap(({ ca }, index) => idsOf(ca).map((id) => [id, index])));
    const bundles = configurations.flatMap((path) => bundlesOf(store.get<WebhookConfiguration>(path) ?? {}));
    return [
      ...new Set(
        bundles.map((pem) =>
          idsOf(pem)
            .map((id) => known.get(id))
            .join(),
        ),
      ),
    ];
  }
  const current = () => issued.findIndex(({ cert }) => cert === content().current?.cert);
  const annotate = (annotations: Readonly<Record<string, string>>): void => {
    const { metadata, ...others } = store.get<{ metadata: { annotations?: object } }>(secret) ?? { metadata: {} };
    store.put(secret, {
      ...others,
      metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    });
  };
  /** Writes the pair into the Secret, as another leader would. */
  const write = (pair: Issued): void => {
    const { data, annotations } = contentPatch(contentOf(pair));
    const present = (values: object) =>
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
    store.put(secret, { metadata: { labels: ours, annotations: present(annotations) }, data: present(data) });
  };
  return { time, store, lead, content, trusted, current, annotate, write };
}

const isWrite = ({ method }: StoreCall): boolean => method !== 'GET';
const isSecretWrite = (call: StoreCall): boolean => isWrite(call) && call.path === secret;
const started = ['PATCH tls', 'PATCH podwright', 'PATCH podwright'];

test('an installation gets a certificate, every webhook trusts it, and then there is rest', async () => {
  const { time, store, lead, trusted, current } = start();
  const { state, lines } = lead();
  await time.advance(10 * minute);
  expect(store.writes()).toEqual(started);
  expect([current(), trusted()]).toEqual([0, ['0']]);
  expect(state.rotations).toEqual(['success']);
  expect(lines.map(({ level, step, msg }) => [level, step, msg])).toEqual([
    ['info', 'issue', 'issued a certificate'],
    ['info', 'publish', 'published the CA bundle in the webhook configurations'],
  ]);
});

test('a certificate is renewed in time, and its authority is trusted everywhere before it is served', async () => {
  const { time, lead, content, trusted, current } = start();
  const { state, steps } = lead({ timing: { ...timing, checkEveryMs: day } });
  const served: unknown[] = [];
  await time.advance(20 * day + 10 * minute, () => {
    const now = [current(), trusted().join(' | ')];
    if (JSON.stringify(now) !== JSON.stringify(served.at(-1))) served.push(now);
  });
  expect(steps()).toEqual(['issue', 'publish', 'issue', 'publish', 'mark', 'promote']);
  expect(served).toEqual([
    [0, ''],
    [0, '0'],
    [0, '1,0'],
    [1, '1,0'],
  ]);
  expect(state.rotations).toEqual(['success', 'success']);
  const [first, second] = issued;
  expect(content()).toMatchObject({ next: undefined, trusted: `${second?.ca}${first?.ca}` });
});

test('a replica whose leadership ends while it reads writes nothing', async () => {
  const { time, store, lead } = start();
  let isLeader = true;
  const { state, lines } = lead({
    isLeader: () => isLeader,
    there() {
      isLeader = false;
    },
  });
  await time.advance(10 * minute);
  expect(store.calls.length).toBe(3);
  expect(store.writes()).toEqual([]);
  expect(state.checks).toBeGreaterThan(8);
  expect(lines).toEqual([]);
});

test('a replica that does not lead does not even read', async () => {
  const { time, store, lead } = start();
  const { state } = lead({ isLeader: () => false });
  await time.advance(10 * minute);
  expect(store.calls).toEqual([]);
  expect(state.checks).toBeGreaterThan(8);
});

test('a Secret that another leader writes in between is kept, and what it holds is published', async () => {
  const { time, store, lead, write, trusted, current } = start();
  let isChanged = false;
  const { state, lines, steps } = lead({
    there(call) {
      if (isSecretWrite(call) && !isChanged) write(issued[3] as Issued);
      isChanged ||= isSecretWrite(call);
    },
  });
  await time.advance(10 * minute);
  expect(store.writes()).toEqual(started);
  expect([current(), trusted()]).toEqual([3, ['3']]);
  expect(steps()).toEqual(['publish']);
  expect([state.rotations, lines.filter(({ level }) => level !== 'info')]).toEqual([[], []]);
});

test('a webhook configuration that changes in between is read again, and its other fields stay', async () => {
  const { time, store, lead, trusted } = start();
  const [path = ''] = configurations;
  let isChanged = false;
  const { state, lines } = lead({
    there(call) {
      if (call.path === path && isWrite(call) && !isChanged) {
        isChanged = true;
        const clientConfig = { url: 'https://new' };
        store.put(path, {
          metadata: {},
          webhooks: [
            { name: 'c', clientConfig },
            { name: 'd', clientConfig },
          ],
        });
      }
    },
  });
  await time.advance(minute);
  expect(store.writes()).toEqual(['PATCH tls', 'PATCH podwright', 'PATCH podwright', 'PATCH podwright']);
  const webhooks = store.get<WebhookConfiguration>(path)?.webhooks ?? [];
  expect(webhooks.map(({ name, clientConfig: { url } }) => [name, url])).toEqual([
    ['c', 'https://new'],
    ['d', 'https://new'],
  ]);
  expect(trusted()).toEqual(['0']);
  expect([state.rotations, lines.filter(({ level }) => level !== 'info')]).toEqual([['success'], []]);
});

test("a leader that stalls before it writes does not overwrite its successor's changes", async () => {
  const { time, store, lead, trusted, current, annotate } = start();
  const first = lead({
    there(call) {
      if (isSecretWrite(call)) first.clock.stall();
    },
  });
  await time.advance(minute);
  const second = lead();
  await time.advance(minute);
  annotate({ 'podwright.dev/rotate': 'now' });
  second.keeper.wake();
  await time.advance(5 * minute);
  expect(second.steps()).toEqual(['issue', 'publish', 'issue', 'publish', 'mark', 'promote']);
  const [before, bundles] = [store.get(secret), trusted()];
  first.state.isLeader = false;
  first.clock.resume();
  await time.advance(5 * minute);
  expect([store.get(secret), trusted()]).toEqual([before, bundles]);
  expect([current(), bundles]).toEqual([2, ['2,1']]);
  expect([first.steps(), first.state.rotations]).toEqual([[], []]);
});

test.each([
  ['half an hour behind', -30 * minute],
  ['half an hour ahead', 30 * minute],
])('a new leader whose date is %s gives the API servers as long as another one', async (_what, skewMs) => {
  const { time, lead, annotate, current } = start();
  const first = lead();
  await time.advance(minute);
  annotate({ 'podwright.dev/rotate': 'now' });
  first.keeper.wake();
  await time.advance(30_000);
  expect(first.steps().at(-1)).toBe('mark');
  void first.keeper.close();
  const { steps } = lead({ skewMs });
  await time.advance(timing.waitMs - 1_000);
  expect(steps()).toEqual([]);
  await time.advance(3_000);
  expect([steps(), current()]).toEqual([['promote'], 1]);
});

test('a certificate is asked for by an annotation, which is then removed', async () => {
  const { time, store, lead, annotate, current } = start();
  const { keeper } = lead();
  await time.advance(minute);
  annotate({ 'podwright.dev/rotate': '' });
  keeper.wake();
  await time.advance(10_000);
  expect(store.get<{ metadata: { annotations: object } }>(secret)?.metadata.annotations).toEqual({
    'podwright.dev/phase': 'waiting',
    'podwright.dev/published-at': expect.any(String) as string,
  });
  expect(current()).toBe(0);
  await time.advance(2 * minute);
  expect(store.get<{ metadata: { annotations: object } }>(secret)?.metadata.annotations).toEqual({
    'podwright.dev/phase': 'current',
  });
  expect(current()).toBe(1);
});

test('a deleted Secret is recreated with the certificate in use', async () => {
  const { time, store, lead, content } = start({ ...ours, team: 'a' });
  let remembered: ReturnType<KeeperOptions['remembered']>;
  const { keeper, steps } = lead({ remembered: () => remembered });
  await time.advance(minute);
  remembered = { content: content(), labels: { ...ours, team: 'a' }, annotations: { note: 'b' } };
  store.remove(secret);
  keeper.wake();
  await time.advance(1_000);
  expect(content()).toEqual(remembered.content);
  expect(store.get(secret)).toMatchObject({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: 'tls',
      namespace: 'ns',
      labels: { ...ours, team: 'a' },
      annotations: { 'podwright.dev/phase': 'current', note: 'b' },
    },
  });
  expect(steps()).toEqual(['issue', 'publish', 'restore']);
});

test('a foreign Secret is not changed', async () => {
  const { time, store, lead } = start({});
  const { lines, state } = lead();
  await time.advance(10 * minute);
  expect(store.writes()).toEqual([]);
  expect(state.rotations).toEqual([]);
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [
      'error',
      'Secret ns/tls lacks the label podwright.dev/managed-by=podwright and is left alone; delete it, or serve its certificate with --tls-cert and --tls-key',
    ],
  ]);
});

test('a bundle that is constantly overwritten is restored every five seconds', async () => {
  const { time, store, lead } = start();
  const [path = ''] = configurations;
  const { keeper } = lead({
    back({ method, path: written }) {
      if (method === 'PATCH' && written === path)
        store.put(path, { metadata: {}, webhooks: [{ name: 'a', clientConfig: {} }] });
      keeper.wake();
    },
  });
  await time.advance(minute);
  const [repairs = 0, others] = configurations.map(
    (name) => store.calls.filter((call) => isWrite(call) && call.path === name).length,
  );
  expect(others).toBe(1);
  expect(repairs).toBeGreaterThan(10);
  expect(repairs).toBeLessThanOrEqual(13);
});

test('a configuration that is created right after the other one gets its bundle at once', async () => {
  const { time, store, lead, trusted } = start();
  const { keeper } = lead();
  await time.advance(minute);
  const installed = configurations.map((path) => store.get(path));
  for (const path of configurations) store.remove(path);
  await time.advance(minute);
  for (const [index, path] of configurations.entries()) {
    const webhooks = [{ name: 'a', clientConfig: {} }];
    store.put(path, { ...installed[index], metadata: { uid: `created again ${index}` }, webhooks });
    keeper.wake();
    await time.advance(500);
  }
  expect(trusted()).toEqual(['0']);
});

test('failures are retried with growing pauses, which changes do not shorten, until the outage ends', async () => {
  const { time, store, lead, current } = start();
  let isAway = true;
  const { keeper, state, lines } = lead({
    there() {
      if (isAway) throw new ApiError('the API server is away');
    },
  });
  await time.advance(minute, () => keeper.wake());
  // 1, 2, 4 s, then 8 s, and half of that at least
  expect(state.rotations.length).toBeGreaterThanOrEqual(8);
  expect(state.rotations.length).toBeLessThanOrEqual(18);
  expect(new Set(state.rotations)).toEqual(new Set(['failure']));
  expect(lines.map(({ level, problem, msg }) => [level, problem, msg])).toEqual([
    ['error', 'the API server is away', 'certificate reconciliation failed; retrying'],
  ]);
  isAway = false;
  await time.advance(10_000);
  expect([current(), store.writes()]).toEqual([0, started]);
  isAway = true;
  keeper.wake();
  state.rotations.length = 0;
  await time.advance(1_000);
  expect(state.rotations).toEqual(['failure', 'failure']);
});

test('a replica that begins to lead acts at once', async () => {
  const { time, lead } = start();
  let isLeader = false;
  const { keeper, steps } = lead({ isLeader: () => isLeader });
  await time.advance(1_000);
  isLeader = true;
  keeper.wake();
  await time.advance(0);
  expect(steps()).toEqual(['issue']);
});

test('news ends a rest, and closing ends all', async () => {
  const { time, store, lead } = start();
  const { keeper, state } = lead();
  await time.advance(5_000);
  const [calls, checks] = [store.calls.length, state.checks];
  keeper.wake();
  await time.advance(0);
  expect([store.calls.length, state.checks]).toEqual([calls + 3, checks + 1]);
  const closed = keeper.close();
  await time.advance(0);
  await closed;
  await time.advance(10 * minute);
  expect(state.checks).toBe(checks + 1);
});
