import { expect, onTestFinished, test } from 'vitest';
import { openApiClient } from '../../src/cluster/api/index.ts';
import { openServerEvents } from '../../src/server/events/index.ts';
import { startFakeApi } from '../cluster/support/fake-api.ts';
import { badPod, keptLog, reviewText, startApp, testMetrics } from './support.ts';

const eventsPath = '/api/v1/namespaces/shop/events';

/** A server that reports its decisions to an API server. */
async function startReporting() {
  const api = await startFakeApi();
  const { log } = keptLog();
  const { metrics, valueOf } = testMetrics();
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const events = await openServerEvents({ client, registry: metrics.registry, log });
  onTestFinished(() => events.close());
  const { client: caller } = await startApp({ onDecision: events.record });
  const deny = async (name: string): Promise<number> => {
    const review = reviewText({ ...badPod, metadata: { name, namespace: 'shop' } });
    return (JSON.parse((await caller.post('/validate', review)).text) as { response: { status: { code: number } } })
      .response.status.code;
  };
  const created = () => api.requests.filter(({ method, path }) => method === 'POST' && path === eventsPath);
  return { api, events, deny, created, valueOf };
}

test('a denial is reported in an Event, and counted', async () => {
  const { api, deny, created, valueOf } = await startReporting();
  api.interfere(({ path }) => (path === eventsPath ? { status: 201, body: {} } : undefined));
  expect(await deny('web')).toBe(403);
  await expect.poll(() => valueOf('events_total{result="sent"}')).toBe(1);
  expect(created().map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    {
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
      reason: 'Denied',
      message: 'Pod shop/web is refused by 1 rule: no-host-network',
    },
  ]);
});

test('exemptions of a team that are not granted are reported on their ConfigMap', async () => {
  const { api, events, created } = await startReporting();
  api.interfere(({ path }) => (path === eventsPath ? { status: 201, body: {} } : undefined));
  const problems = ['exemptions.yaml:3:11: exemptions[0].rules[0]: a', 'exemptions.yaml:7:3: exemptions[0].expires: b'];
  events.reject({ namespace: 'shop', uid: 'uid-1', problems });
  events.reject({ namespace: 'shop', uid: 'uid-1', problems });
  await expect.poll(() => created().length).toBe(1);
  expect(created().map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    {
      involvedObject: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'podwright-exemptions',
        uid: 'uid-1',
      },
      type: 'Warning',
      reason: 'ExemptionsNotGranted',
      message: `not granted: ${problems.join('; ')}`,
    },
  ]);
});

test('no answer waits for an Event, even if the API server says nothing, and the server can still stop', async () => {
  const { api, events, deny, created } = await startReporting();
  api.interfere(({ path }) => (path === eventsPath ? 'silence' : undefined));
  const codes = await Promise.all(Array.from({ length: 50 }, (_, index) => deny(`web-${index}`)));
  expect(new Set(codes)).toEqual(new Set([403]));
  // one after the other, each until it times out
  await expect.poll(() => created().length).toBeGreaterThan(0);
  await events.close();
});
