import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ApiError } from '../../../src/cluster/api/api-client.ts';
import { contentPatch, noContent } from '../../../src/cluster/certificate/certificate-secret.ts';
import { openManagedCertificate } from '../../../src/cluster/certificate/managed-certificate.ts';
import type { Issued } from '../../../src/cluster/certificate/take-step.ts';
import { issueCertificate } from '../../../src/server/certificate/issue-certificate.ts';
import { keptLog } from '../../server/support.ts';
import { startTime } from '../support/fake-clock.ts';
import { openStore, type Way } from '../support/fake-store.ts';

const secret = '/api/v1/namespaces/ns/secrets/tls';
const configurations = ['mutating', 'validating'].map(
  (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/podwright`,
);
const hosts = ['podwright.ns.svc'];
const ours = { 'podwright.dev/managed-by': 'podwright' };
const noCertificate = 'Secret ns/tls has no certificate that can be served yet';
const notTrusted = (kind: string): string =>
  `the caBundle of the ${kind} webhook configuration podwright does not match the certificate`;

let first: Issued;
let second: Issued;
beforeAll(async () => {
  const order = { authority: 'podwright ns/tls', hosts, now: new Date(), lifeMs: 30 * 24 * 3600_000 };
  [first, second] = await Promise.all([issueCertificate(order), issueCertificate(order)]);
});

/** A replica of an installation whose Secret is empty and whose webhooks trust no authority yet. */
async function start({ isLeader = false, canServe = true, ...way }: Way & { isLeader?: boolean; canServe?: boolean }) {
  const time = startTime();
  const store = openStore();
  const write = (pair?: Issued, labels: object = ours): void => {
    const content = pair && { ...noContent, current: { cert: pair.cert, key: pair.key }, trusted: pair.ca };
    const data = Object.entries(contentPatch(content ?? noContent).data).filter(([, value]) => value !== null);
    store.put(secret, { metadata: { labels }, data: Object.fromEntries(data) });
  };
  const publish = (...[mutating, validating = mutating]: (Issued | undefined)[]): void => {
    for (const [index, pair] of [mutating, validating].entries()) {
      const clientConfig = { caBundle: Buffer.from(pair?.ca ?? '').toString('base64') };
      const webhooks = index === 0 ? ['a'] : ['b', 'c'];
      store.put(configurations[index] ?? '', {
        metadata: {},
        webhooks: webhooks.map((name) => ({ name, clientConfig })),
      });
    }
  };
  write();
  publish(undefined);
  const served: string[] = [];
  const heard = new Set<string>();
  const { log, lines } = keptLog('info');
  const pairs = [first, second];
  const gains: (() => void)[] = [];
  const election = {
    isLeader,
    leader: undefined,
    onGain: (listener: () => void) => void gains.push(listener),
    close: () => Promise.resolve(),
  };
  const gain = (): void => {
    election.isLeader = true;
    for (const listener of gains) listener();
  };
  const managed = openManagedCertificate({
    client: store.client(way),
    namespace: 'ns',
    secret: 'tls',
    webhookConfiguration: 'podwright',
    hosts,
    election,
    issue: () => Promise.resolve(pairs.shift() as Issued),
    onPair({ cert }) {
      served.push(cert === first.cert ? 'first' : 'second');
      return canServe;
    },
    metrics: { restarted: () => undefined, heard: (resource) => heard.add(resource), rotated: () => undefined },
    log,
    clock: time.machine(),
  });
  onTestFinished(async () => {
    const closed = managed.close();
    await time.advance(0);
    await closed;
  });
  const state = () => ({ served, problems: managed.problems(), isInSync: managed.isInSync });
  return { time, store, managed, gain, write, publish, state, heard, lines };
}

test('a replica that does not lead serves what the Secret holds, and says what is missing until then', async () => {
  const { time, store, managed, write, publish, state, heard } = await start({});
  expect(state()).toEqual({
    served: [],
    problems: ['the certificate has not been read from the cluster yet'],
    isInSync: undefined,
  });
  expect(managed.webhooks).toBeUndefined();
  await time.advance(0);
  expect(state()).toEqual({ served: [], problems: [noCertificate], isInSync: undefined });
  expect(managed.webhooks).toEqual(new Set(['a', 'b', 'c']));
  write(first);
  await time.advance(0);
  const problems = [notTrusted('mutating'), notTrusted('validating')];
  expect(state()).toEqual({ served: ['first'], problems, isInSync: false });
  publish(first, second);
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [notTrusted('validating')], isInSync: false });
  publish(first);
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
  expect(heard).toEqual(new Set(['secrets', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations']));
  expect(store.writes()).toEqual([]);
});

test('a replica that leads makes what is missing, and serves it', async () => {
  const { time, state, lines } = await start({ isLeader: true });
  await time.advance(1_000);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
  expect(lines.map(({ step }) => step)).toEqual(['issue', 'publish']);
});

test('a replica that becomes the leader acts at once', async () => {
  const { time, gain, lines } = await start({});
  await time.advance(1_000);
  gain();
  await time.advance(0);
  expect(lines.map(({ step }) => step)).toEqual(['issue']);
});

test('a certificate that the webhooks trust is not given up for one that they do not', async () => {
  const { time, write, publish, state } = await start({});
  write(first);
  publish(first);
  await time.advance(0);
  write(second);
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
  publish(second);
  await time.advance(0);
  expect(state()).toEqual({ served: ['first', 'second'], problems: [], isInSync: true });
});

test('a Secret that is deleted takes nothing away, and the leader makes it again', async () => {
  const { time, store, state, lines } = await start({ isLeader: true });
  await time.advance(1_000);
  const before = store.get<{ data: object }>(secret);
  store.remove(secret);
  await time.advance(1_000);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
  expect(store.get<{ data: object }>(secret)?.data).toEqual(before?.data);
  expect(lines.flatMap(({ step, msg }) => step ?? msg)).toEqual(['issue', 'publish', 'it was deleted', 'restore']);
});

test('a configuration that is deleted is no problem of the certificate', async () => {
  const { time, store, managed, write, publish, state } = await start({});
  write(first);
  publish(first);
  await time.advance(0);
  store.remove(configurations[1] ?? '');
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
  expect(managed.webhooks).toEqual(new Set(['a']));
});

test('a certificate that cannot be served is offered again with the next look', async () => {
  const { time, write, publish, state } = await start({ canServe: false });
  write(first);
  await time.advance(0);
  expect(state().problems).toEqual([noCertificate]);
  publish(first);
  await time.advance(0);
  expect(state().served.length).toBeGreaterThan(1);
});

test.each([
  ['of another installation', () => ({ ...first, ca: second.ca })],
  ['without its key', () => ({ ...first, key: second.key })],
])('a pair %s is not served', async (_what, pair) => {
  const { time, write, state } = await start({});
  write(pair());
  await time.advance(0);
  expect(state()).toMatchObject({ served: [], problems: [noCertificate] });
});

test('a foreign Secret is not served', async () => {
  const { time, write, state } = await start({});
  write(first, {});
  await time.advance(0);
  expect(state()).toMatchObject({
    served: [],
    problems: [
      'Secret ns/tls lacks the label podwright.dev/managed-by=podwright and is left alone; delete it, or serve its certificate with --tls-cert and --tls-key',
    ],
  });
});

test('a Secret whose label is removed takes nothing away', async () => {
  const { time, write, publish, state } = await start({});
  write(first);
  publish(first);
  await time.advance(0);
  write(second, {});
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: true });
});

test('as long as the configurations have not been read, that is a problem', async () => {
  const { time, write, state } = await start({
    there: ({ path }) => (path.startsWith('/apis/admission') ? new Promise(() => undefined) : undefined),
  });
  write(first);
  await time.advance(0);
  expect(state().problems).toEqual(['the webhook configurations have not been read yet']);
});

test('where the configurations may not be read it is served all the same', async () => {
  const { time, managed, write, state, lines } = await start({
    there({ path }) {
      if (path.startsWith('/apis/admission')) throw new ApiError('no right to it', { status: 403 });
    },
  });
  write(first);
  await time.advance(0);
  expect(state()).toEqual({ served: ['first'], problems: [], isInSync: undefined });
  expect(managed.webhooks).toBeUndefined();
  expect(lines.map(({ resource, problem, msg }) => [resource, problem, msg])).toEqual(
    ['mutating', 'validating'].map((kind) => [
      `${kind}webhookconfigurations`,
      'no right to it',
      `${kind}webhookconfigurations may not be read, so it is unknown whether the API server trusts the certificate; retrying`,
    ]),
  );
});
