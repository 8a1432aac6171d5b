import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { reportOf } from '../../../src/audit/policy-report.ts';
import { reportKinds } from '../../../src/audit/report-kind.ts';
import type { ScannedSubject } from '../../../src/audit/scanned-subject.ts';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { openReportSink, type ReportSinkOptions } from '../../../src/cluster/reports/report-sink.ts';
import { createReportMetrics } from '../../../src/server/scan/scan-metrics.ts';
import { keptLog } from '../../server/support.ts';
import { scannedDeployment } from '../../support/scanned-subject.ts';
import { type FakeReport, refusal, startFakeReports } from '../support/fake-reports.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => scannedDeployment(name, ['app'])) as [
  ScannedSubject,
  ScannedSubject,
  ScannedSubject,
];
const clean = (name: string): ScannedSubject => scannedDeployment(name, []);
const many = (count: number): ScannedSubject[] =>
  Array.from({ length: count }, (_, index) => scannedDeployment(`web-${index}`, ['app']));
const named = (name: string): string => `shop/podwright-uid-of-${name}`;
const label = { 'app.kubernetes.io/managed-by': 'podwright' };

const kind = reportKinds.openreports;

/** A sink on a fake API server, with what it counts and logs. */
async function start(options: Partial<ReportSinkOptions> = {}) {
  const api = await startFakeReports();
  const { log, lines } = keptLog('info');
  const registry = new Registry();
  const metrics = createReportMetrics(registry);
  const client = openApiClient({ kubeconfig: api.kubeconfig });
  const sink = openReportSink({ client, kind, reportOf, metrics, log, writesPerSecond: 1_000, ...options });
  return {
    api,
    sink,
    lines,
    messages: () => lines.map(({ msg }) => msg),
    /** The requests of one scan of these subjects. */
    async scan(subjects: readonly ScannedSubject[], isComplete = true): Promise<string[]> {
      const before = api.requests.length;
      sink.begin();
      for (const subject of subjects) await sink.write(subject);
      await sink.end(isComplete);
      return api.requests.slice(before).toSorted();
    },
    async counts(): Promise<Record<string, number>> {
      const [metric] = await registry.getMetricsAsJSON();
      const values = (metric?.values ?? []) as { labels: { result: string }; value: number }[];
      return Object.fromEntries(
        values.filter(({ value }) => value > 0).map((each) => [each.labels.result, each.value]),
      );
    },
  };
}

function foreign(name: string, labels = {}): [string, FakeReport] {
  return [name, { metadata: { namespace: 'shop', name: name.slice(5), uid: 'u', resourceVersion: '1', labels } }];
}

test('every result has a series', async () => {
  const registry = new Registry();
  createReportMetrics(registry);
  const series = (await registry.metrics()).split('\n').filter((line) => line.startsWith('podwright_'));
  expect(series).toEqual(
    ['created', 'updated', 'deleted', 'failed', 'over_limit'].map(
      (result) => `podwright_reports_written_total{result="${result}"} 0`,
    ),
  );
});

test('a scan writes what is new, and the next one nothing', async () => {
  const { api, scan, counts, lines } = await start();
  expect(await scan([a, b, c, clean('d')])).toEqual([
    'LIST',
    `POST ${named('a')}`,
    `POST ${named('b')}`,
    `POST ${named('c')}`,
  ]);
  const { report } = reportOf(a);
  expect(api.reports.get(named('a'))).toEqual({
    ...report,
    metadata: {
      ...report?.metadata,
      annotations: { 'podwright.dev/content': expect.stringMatching(/^[\da-f]{32}$/) as string },
      uid: expect.any(String) as string,
      resourceVersion: expect.any(String) as string,
    },
  });
  // in pages of two
  expect(await scan([a, b, c, clean('d')])).toEqual(['LIST', 'LIST']);
  expect(await counts()).toEqual({ created: 3 });
  expect(lines.map(({ msg, created }) => [msg, created])).toEqual([['wrote reports', 3]]);
});

test('what changed is replaced, and what is repaired loses its report, also when the scan ends early', async () => {
  const { scan, counts, api } = await start();
  await scan([a, b, c]);
  const { uid } = api.reports.get(named('b'))?.metadata ?? {};
  const changed = scannedDeployment('b', ['app', 'other']);
  expect(await scan([clean('a'), changed], false)).toEqual([
    'DELETE ' + named('a'),
    'LIST',
    'LIST',
    'PUT ' + named('b'),
  ]);
  expect(api.reports.get(named('b'))?.results).toHaveLength(2);
  expect(api.reports.get(named('b'))?.metadata.uid).toBe(uid);
  expect([...api.reports.keys()].toSorted()).toEqual([named('b'), named('c')]);
  expect(await counts()).toEqual({ created: 3, updated: 1, deleted: 1 });
});

test('a complete scan deletes only our reports, and only those of missing subjects', async () => {
  const { scan, api } = await start();
  const others = [
    foreign('shop/podwright-x'),
    foreign('shop/mine', label),
    foreign('shop/y', { 'app.kubernetes.io/managed-by': 'kyverno' }),
  ];
  for (const [key, report] of others) api.reports.set(key, report);
  await scan([a, b]);
  await scan([a], false);
  expect(api.reports.size).toBe(5);
  await scan([a]);
  expect([...api.reports.keys()].toSorted()).toEqual([...others.map(([key]) => key), named('a')].toSorted());
});

test('a report that somebody else made or changed in between is looked at once more', async () => {
  const { scan, api, counts } = await start();
  await scan([a]);
  const report = api.reports.get(named('a')) as FakeReport;
  let done = false;
  api.refuse = (request) => {
    const isDue = !done && request.startsWith('PUT');
    done ||= isDue;
    if (isDue) api.reports.set(named('a'), { ...report, metadata: { ...report.metadata, resourceVersion: '100' } });
    return undefined;
  };
  const changed = scannedDeployment('a', ['app', 'other']);
  const wanted = [`GET ${named('a')}`, 'LIST', `PUT ${named('a')}`, `PUT ${named('a')}`];
  expect(await scan([changed])).toEqual(wanted);
  expect(await counts()).toEqual({ created: 1, updated: 1 });
  expect(api.reports.get(named('a'))?.results).toHaveLength(2);
});

test('an object of that name that is not ours is left alone', async () => {
  const { scan, api, counts, lines } = await start();
  api.reports.set(...foreign(named('a')));
  expect(await scan([a, b])).toEqual([`GET ${named('a')}`, 'LIST', `POST ${named('a')}`, `POST ${named('b')}`]);
  expect(await counts()).toEqual({ created: 1, failed: 1 });
  expect(lines[0]).toMatchObject({
    report: named('a'),
    problem: `Report ${named('a')} was not created by podwright and is left unchanged`,
  });
});

test('many objects that are not ours do not keep the rest from being written', async () => {
  const { scan, api, counts, messages } = await start({ concurrency: 1 });
  for (let index = 0; index < 12; index++) api.reports.set(...foreign(named(`web-${index}`)));
  await scan([...many(12), a]);
  expect(await counts()).toEqual({ created: 1, failed: 12 });
  expect(new Set(messages())).toEqual(new Set(['dropped a report; the next scan retries it', 'wrote reports']));
});

test('without the CRD only its existence is checked, and its absence is logged once', async () => {
  const { scan, api, messages, counts } = await start();
  api.refuse = () => ({ status: 404, body: '404 page not found\n' });
  expect(await scan([a, b])).toEqual(['LIST']);
  expect(await scan([a, b])).toEqual(['LIST']);
  expect(messages()).toEqual(['the openreports.io CRD is not installed; not writing reports']);
  api.refuse = () => undefined;
  await scan([a]);
  expect(messages().slice(1)).toEqual(['the openreports.io CRD is now installed; writing reports', 'wrote reports']);
  expect(await counts()).toEqual({ created: 1 });
});

test('the kind that goes away in the middle of a scan is no failure', async () => {
  const { scan, api, counts, lines } = await start({ concurrency: 1 });
  api.refuse = (request) => (request === 'LIST' ? undefined : { status: 404, body: '404 page not found\n' });
  expect(await scan(many(5))).toEqual(['LIST', 'POST shop/podwright-uid-of-web-0']);
  expect([await counts(), lines]).toEqual([{}, []]);
});

test('without permission to list reports, none are written', async () => {
  const { scan, api, counts, lines } = await start();
  api.refuse = () => refusal(403);
  expect(await scan([a, b])).toEqual(['LIST']);
  expect(await counts()).toEqual({ failed: 1 });
  expect(lines.map(({ msg, problem }) => [msg, problem])).toEqual([
    ['cannot list existing reports; this scan writes none', 'refused with 403'],
  ]);
});

test('a report that is rejected as too large is dropped without affecting others', async () => {
  const { scan, api, counts, messages } = await start();
  api.refuse = (request) => (/-(?:[1-9]|1\d)$/.test(request) ? refusal(413) : undefined);
  await scan(many(21));
  expect(await counts()).toEqual({ created: 2, failed: 19 });
  expect(messages()).toEqual(['dropped a report; the next scan retries it', 'wrote reports']);
});

test.each([403, 500, 507])('after ten errors with %i no more requests are made until the next scan', async (status) => {
  const { scan, api, counts, messages } = await start({ concurrency: 1 });
  api.refuse = (request) => (request === 'LIST' ? undefined : refusal(status));
  expect(await scan(many(30))).toHaveLength(1 + 10);
  expect(await counts()).toEqual({ failed: 30 });
  expect(messages()).toContain('the API server rejects reports; dropping the rest of this scan');
  api.refuse = () => undefined;
  await scan(many(30));
  expect(await counts()).toEqual({ failed: 30, created: 30 });
});

test('with a full etcd, writes fail but deletions are still made', async () => {
  const { scan, api, counts } = await start({ concurrency: 1 });
  await scan([a, b, c]);
  api.refuse = (request) => (request.startsWith('POST') ? refusal(500) : undefined);
  await scan(many(20));
  expect(api.reports.size).toBe(0);
  expect(await counts()).toEqual({ created: 3, failed: 20, deleted: 3 });
});

test('a requested pause is respected', async () => {
  const { scan, api, counts } = await start();
  let asked = 0;
  api.refuse = (request) =>
    request !== 'LIST' && asked++ === 0 ? { ...refusal(429), headers: { 'retry-after': '1' } } : undefined;
  const startedAt = performance.now();
  expect(await scan([a])).toEqual(['LIST', `POST ${named('a')}`, `POST ${named('a')}`]);
  expect(performance.now() - startedAt).toBeGreaterThan(950);
  expect(await counts()).toEqual({ created: 1 });
});

test.each([
  ['a namespace that is gone', refusal(404, 'shop')],
  ['a namespace that is going', refusal(403, 'web', [{ reason: 'NamespaceTerminating' }])],
])('%s is no failure', async (_, refused) => {
  const { scan, api, counts, lines } = await start({ concurrency: 1 });
  api.refuse = (request) => (request === 'LIST' ? undefined : refused);
  await scan(many(12));
  expect([await counts(), lines]).toEqual([{}, []]);
});

test('a report that is gone already needs no deletion, and one that took its place stays', async () => {
  const { scan, api, counts } = await start();
  await scan([a, b]);
  api.refuse = (request) => {
    const report = api.reports.get(named('b')) as FakeReport;
    if (request === `DELETE ${named('a')}`) api.reports.delete(named('a'));
    if (request === `DELETE ${named('b')}`)
      api.reports.set(named('b'), { ...report, metadata: { ...report.metadata, uid: 'another' } });
    return undefined;
  };
  await scan([]);
  expect([...api.reports.keys()].toSorted()).toEqual([named('b')]);
  expect(await counts()).toEqual({ created: 2 });
});

test('there are never more reports than allowed', async () => {
  const { scan, api, counts, messages } = await start({ maxReports: 2, concurrency: 1 });
  await scan([a, b, c, ...many(3)]);
  expect([...api.reports.keys()].toSorted()).toEqual([named('a'), named('b')]);
  expect(await counts()).toEqual({ created: 2, over_limit: 4 });
  expect(messages()).toEqual(['reached the maximum number of reports; creating no more', 'wrote reports']);
  await scan([clean('a'), scannedDeployment('b', ['app', 'other']), c]);
  expect(await counts()).toEqual({ created: 3, updated: 1, deleted: 1, over_limit: 4 });
  expect([...api.reports.keys()].toSorted()).toEqual([named('b'), named('c')]);
});

test('a report that could not be made takes no room', async () => {
  const { sink, api, counts } = await start({ maxReports: 1 });
  api.refuse = (request) => (request === `POST ${named('a')}` ? refusal(413) : undefined);
  sink.begin();
  await sink.write(a);
  await expect.poll(counts).toEqual({ failed: 1 });
  await sink.write(b);
  await sink.end(true);
  expect(await counts()).toEqual({ failed: 1, created: 1 });
});

test('once the API server is left alone, the scan does not wait', async () => {
  const { scan, api } = await start({ concurrency: 1, writesPerSecond: 20 });
  api.refuse = (request) => (request === 'LIST' ? undefined : refusal(500));
  // At this rate the writes would take longer than a test may.
  expect(await scan(many(2_000))).toHaveLength(1 + 10);
});

test('writes are bounded in rate and number, and the scan waits for them', async () => {
  const { scan, api } = await start({ writesPerSecond: 100, concurrency: 2 });
  api.delayMs = 30;
  const startedAt = performance.now();
  await scan(many(12));
  // two at a time, 30 ms each
  expect(performance.now() - startedAt).toBeGreaterThan(170);
  expect(api.mostAtOnce()).toBe(2);
  api.delayMs = 0;
  const nextAt = performance.now();
  await scan([]);
  expect(performance.now() - nextAt).toBeGreaterThan(105);
  expect(api.reports.size).toBe(0);
});

test('a new scan discards the previous one', async () => {
  const { scan, sink, api } = await start();
  await scan([a, b]);
  sink.begin();
  await sink.write(a);
  await scan([a, b]);
  expect(api.reports.size).toBe(2);
});

test('after it is stopped, nothing is awaited, written or counted as a failure', async () => {
  const stopping = new AbortController();
  const { scan, counts, lines } = await start({ signal: stopping.signal, writesPerSecond: 1 });
  const scanning = scan(many(100));
  await expect.poll(counts).toEqual({ created: 1 });
  stopping.abort();
  expect(await scanning).toHaveLength(2);
  expect(await counts()).toEqual({ created: 1 });
  expect(lines.map(({ msg }) => msg)).toEqual(['wrote reports']);
});
