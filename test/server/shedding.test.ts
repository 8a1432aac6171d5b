import { request } from 'node:https';
import { expect, test } from 'vitest';
import { createIntake } from '../../src/server/http/intake.ts';
import { goodPod, reviewText, startApp, until } from './support.ts';

const reviewOfSize = (bytes: number): string =>
  reviewText({ ...goodPod, metadata: { name: 'web', annotations: { fill: 'a'.repeat(bytes) } } });

test('sheds excess reviews, so that the API server retries; small reviews always fit', async () => {
  const limits = { budgetBytes: 200_000, smallBytes: 10_000 };
  const { client, port, ca, valueOf } = await startApp({ limits });
  const body = reviewOfSize(300_000);
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const slow = request({ method: 'POST', host: '127.0.0.1', port, ca, path: '/validate', headers });
  const slowStatus = new Promise((resolve) => slow.on('response', (response) => resolve(response.statusCode)));
  slow.write(body.slice(0, 195_000));
  await until(async () => (await valueOf('admission_in_flight')) === 1);
  const big = () => client.post('/validate', reviewOfSize(100_000));
  let shed = await big();
  // until the server has read what was sent
  for (; shed.status === 200; shed = await big());
  const { connection, 'retry-after': retryAfter } = shed.headers;
  expect({ status: shed.status, connection, retryAfter, text: shed.text }).toEqual({
    status: 503,
    connection: 'close',
    retryAfter: '1',
    text: '{"error":"overloaded"}',
  });
  expect(await valueOf('admission_shed_total{reason="bytes"}')).toBe(1);
  expect((await client.post('/validate', reviewOfSize(9_000))).status).toBe(200);

  // Alone again, the review is larger than the whole budget and is evaluated all the same.
  slow.end(body.slice(195_000));
  expect(await slowStatus).toBe(200);
  expect(await valueOf('admission_in_flight')).toBe(0);
});

test('a body that never ends leaves nothing behind', async () => {
  const { port, ca, valueOf } = await startApp();
  const headers = { 'content-type': 'application/json', 'content-length': 100_000 };
  const broken = request({ method: 'POST', host: '127.0.0.1', port, ca, path: '/validate', headers });
  broken.on('error', () => undefined);
  broken.write('{');
  await until(async () => (await valueOf('admission_in_flight')) === 1);
  broken.destroy();
  await until(async () => (await valueOf('admission_in_flight')) === 0);
});

test('accounts for the bytes that arrived, until they are given back', () => {
  const intake = createIntake({ budgetBytes: 100, smallBytes: 10 });
  const [first, second] = [intake.open(), intake.open()];
  expect([first.take(90), second.take(10), second.take(10)]).toEqual([true, true, false]);
  expect([intake.inFlight, intake.bytes]).toEqual([2, 90]);
  expect(first.take(100)).toBe(true);
  first.close();
  first.close();
  second.release();
  second.close();
  expect([intake.inFlight, intake.bytes]).toEqual([0, 0]);
});
