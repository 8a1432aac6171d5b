import { once } from 'node:events';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { badPod, goodPod, reviewText, startApp } from '../support.ts';

const responseOf = (text: string): unknown => (JSON.parse(text) as { response: unknown }).response;

describe('a review that can be read', () => {
  test('gets a verdict in a review of its own', async () => {
    const { client } = await startApp();
    const { status, headers, text } = await client.post('/validate?timeout=5s', reviewText(goodPod));
    expect({ status, type: headers['content-type'], body: JSON.parse(text) as unknown }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: 'uid-1', allowed: true, auditAnnotations: { verdict: 'allow' } },
      },
    });
  });

  test('may have keys that are special in JavaScript only', async () => {
    const { client } = await startApp();
    const keys = '{"__proto__":"x","constructor":{"prototype":{"polluted":true}},"toString":"y"}';
    const pod = JSON.stringify(badPod).replace('"metadata":{', `"metadata":{"annotations":${keys},"labels":${keys},`);
    const body = reviewText(0).replace('"object":0', `"object":${pod},"__proto__":{"polluted":true}`);
    const { status, text } = await client.post('/validate', body);
    expect(status).toBe(200);
    expect(responseOf(text)).toMatchObject({ allowed: false, status: { code: 403 } });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([1_000, 30_000, 200_000])('arrives in pieces, between those of others (%d bytes)', async (size) => {
    const { port, ca } = await startApp();
    const uids = ['uid-a', 'uid-b', 'uid-c'];
    const calls = uids.map((uid) => {
      const metadata = { ...goodPod.metadata, annotations: { fill: uid.repeat(size / uid.length) } };
      const options = { method: 'POST', host: '127.0.0.1', port, ca, servername: 'localhost', path: '/validate' };
      const call = request({ ...options, headers: { 'content-type': 'application/json' } });
      return { call, body: reviewText({ ...goodPod, metadata }, { uid }), answered: once(call, 'response') };
    });
    for (const part of [0, 1, 2, 3])
      for (const { call, body } of calls) {
        const [start, end] = [part, part + 1].map((each) => Math.floor((body.length / 4) * each));
        await new Promise((resolve) => call.write(body.slice(start, end), resolve));
      }
    for (const { call } of calls) call.end();
    const answers = calls.map(async ({ answered }) => json((await answered)[0]));
    expect(await Promise.all(answers)).toMatchObject(uids.map((uid) => ({ response: { uid, allowed: true } })));
  });

  test('is evaluated up to 20 MiB', async () => {
    const { client } = await startApp();
    const fill = '<'.repeat(3_450_000);
    const pod = { ...badPod, metadata: { ...badPod.metadata, annotations: { fill } } };
    const body = reviewText(pod);
    expect(body.length).toBeGreaterThan(19.5 * 1024 * 1024);
    const { status, text } = await client.post('/validate', body);
    expect(status).toBe(200);
    expect(responseOf(text)).toMatchObject({ allowed: false, status: { code: 403 } });
  });
});

describe('a body that cannot be evaluated', () => {
  const refusal = (code: number, reason: string, message: string) => ({
    uid: 'uid-1',
    allowed: false,
    status: { code, reason, message },
    auditAnnotations: { verdict: 'deny' },
  });
  const limits = { bodyBytes: 1024 * 1024 };
  const large = reviewText({ ...goodPod, metadata: { name: 'a'.repeat(1024 * 1024) } });

  test('is denied with its uid if it is too large', async () => {
    const { client } = await startApp({ limits });
    const { status, text } = await client.post('/validate', large);
    expect(status).toBe(200);
    expect(responseOf(text)).toEqual(
      refusal(413, 'RequestEntityTooLarge', 'podwright cannot evaluate this: the review is larger than 1 MiB'),
    );
    expect((await client.post('/validate', reviewText(goodPod))).isReused).toBe(true);
  });

  test.each([
    ['cut off', '{"kind":"AdmissionReview","request":{"uid":"uid-1","object":{', 'the body is not JSON'],
    ['no review', '{"request":{"uid":"uid-1"}}', 'the body is not an AdmissionReview of admission.k8s.io/v1'],
    ['without kind', reviewText(goodPod, { kind: 5 }), 'request.kind is not an object'],
  ])('is denied with its uid: %s', async (_case, body, problem) => {
    const { client } = await startApp();
    const { status, text } = await client.post('/mutate', body);
    expect(status).toBe(200);
    expect(responseOf(text)).toEqual(refusal(400, 'BadRequest', `podwright cannot evaluate this: ${problem}`));
  });

  test('is admitted in audit mode, and recorded', async () => {
    const { client, lines, valueOf } = await startApp({ mode: 'audit', limits });
    const { text } = await client.post('/validate', large);
    expect(responseOf(text)).toEqual({
      uid: 'uid-1',
      allowed: true,
      auditAnnotations: { verdict: 'audit_deny' },
    });
    expect(lines).toMatchObject([
      { event: 'admission', uid: 'uid-1', note: 'podwright cannot evaluate this: the review is larger than 1 MiB' },
    ]);
    const labels = 'webhook="pods.validate.podwright.dev",operation="other",verdict="audit_deny",dry_run="false"';
    expect(await valueOf(`admission_requests_total{${labels}}`)).toBe(1);
  });

  test.each([
    ['JSON cut off', '{"a":'],
    ['JSON of something else', '[]'],
    ['a numeric uid', reviewText(goodPod, { uid: 7 })],
    ['nothing', ''],
    ['a uid too far in', `{"fill":"${'a'.repeat(600)}","uid":"uid-1",`],
  ])('is a bad request without a uid: %s', async (_case, body) => {
    const { client, valueOf } = await startApp();
    const { status, text } = await client.post('/validate', body);
    expect([status, text]).toEqual([400, '{"error":"bad request"}']);
    expect((await client.post('/validate', reviewText(goodPod))).isReused).toBe(true);
    expect(await valueOf('admission_refused_total{status="400"}')).toBe(1);
  });

  test('that is cut off gets a verdict if its uid is among the first 512 characters', async () => {
    const { client } = await startApp();
    const body = Buffer.from(`{"a":"${'é'.repeat(400)}","request":{"uid":"uid-ü",`);
    const { status, text } = await client.post('/validate', body);
    expect([status, responseOf(text)]).toMatchObject([200, { uid: 'uid-ü', allowed: false, status: { code: 400 } }]);
  });

  test.each([
    ['another type', reviewText(goodPod), { 'content-type': 'text/plain' }],
    ['gzip', gzipSync(reviewText(goodPod)), { 'content-encoding': 'gzip' }],
  ])('is not read at all: %s', async (_case, body, headers) => {
    const { client } = await startApp();
    const { status, text } = await client.post('/validate', body, headers);
    expect([status, text]).toEqual([415, '{"error":"unsupported media type"}']);
  });

  test('takes a charset and no encoding for what they are', async () => {
    const { client } = await startApp();
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'identity' };
    expect((await client.post('/validate', reviewText(goodPod), headers)).status).toBe(200);
  });
});

test.each([
  ['/', 404, 'not found'],
  ['/%zz', 400, 'bad request'],
  ['/validate/%E0%A4%A', 400, 'bad request'],
  ['//validate', 404, 'not found'],
  ['/__proto__', 404, 'not found'],
  [`/${'a'.repeat(5_000)}`, 404, 'not found'],
])('a request for another path gets no details: %s', async (path, code, error) => {
  const { client, valueOf } = await startApp();
  const { status, headers, text } = await client.post(path, '{}');
  expect([status, headers['content-type'], text]).toEqual([
    code,
    'application/json; charset=utf-8',
    `{"error":"${error}"}`,
  ]);
  expect(await valueOf(`admission_refused_total{status="${code}"}`)).toBe(1);
});

test.each([
  ['GET', 404, '{"error":"not found"}'],
  ['HEAD', 404, ''],
  ['TRACE', 404, '{"error":"not found"}'],
  ['QUERY', 400, '{"error":"bad request"}'],
] as const)('%s is told nothing', async (method, status, text) => {
  const { app } = await startApp();
  const { statusCode, body } = await app.inject({ method, url: '/validate' });
  expect([statusCode, body]).toEqual([status, text]);
});

describe('a decision that throws', () => {
  const broken = {
    decide: () => {
      throw new Error('out of order');
    },
  };

  test('is a denial, with the stack in the log only', async () => {
    const { client, lines } = await startApp(broken);
    const { status, text } = await client.post('/validate', reviewText(goodPod));
    expect(status).toBe(200);
    expect(responseOf(text)).toEqual({
      uid: 'uid-1',
      allowed: false,
      status: {
        code: 500,
        reason: 'InternalError',
        message: 'podwright could not evaluate this request; see its log',
      },
      auditAnnotations: { verdict: 'deny' },
    });
    expect(lines).toMatchObject([
      { level: 'error', uid: 'uid-1', err: { message: 'out of order', stack: expect.stringContaining('at ') } },
      { level: 'info', event: 'admission', verdict: 'deny' },
    ]);
  });

  test.each(['warn', 'audit', 'off'] as const)('admits the object under mode %s', async (mode) => {
    const { client } = await startApp({ ...broken, mode });
    const { text } = await client.post('/mutate', reviewText(goodPod));
    expect(responseOf(text)).toMatchObject({ uid: 'uid-1', allowed: true });
  });
});

test('an answer later than the timeout of the caller is counted', async () => {
  const { client, valueOf } = await startApp();
  await client.post('/validate?timeout=5s', reviewText(goodPod));
  expect(await valueOf('admission_deadline_exceeded_total')).toBe(0);
  await client.post('/validate?timeout=0s', reviewText(goodPod));
  expect(await valueOf('admission_deadline_exceeded_total')).toBe(1);
});
