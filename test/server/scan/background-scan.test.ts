import { setTimeout as sleep } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { openRollUp } from '../../../src/audit/roll-up/roll-up.ts';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import { openRetries } from '../../../src/cluster/api/retry.ts';
import type { ReportSink } from '../../../src/cluster/reports/report-sink.ts';
import type { Unreadable } from '../../../src/cluster/scan/collection.ts';
import { fullPace, pacedWork } from '../../../src/cluster/scan/pace.ts';
import type { ClusterScan } from '../../../src/cluster/scan/scan-cluster.ts';
import type { Exemption } from '../../../src/engine/exemption.ts';
import type { Policy } from '../../../src/engine/policy.ts';
import { kubernetesObject } from '../../../src/manifests/kubernetes-object.ts';
import { openBackgroundScan } from '../../../src/server/scan/background-scan.ts';
import { createScanMetrics } from '../../../src/server/scan/scan-metrics.ts';
import { openScanPage, type ScanPage } from '../../../src/server/scan/scan-page.ts';
import type { ScanTiming } from '../../../src/server/scan/scan-schedule.ts';
import { container, privileged, runningPod, workload } from '../../audit/support/objects.ts';
import { onlyRules, withBrokenRule } from '../../support/policies.ts';
import { keptLog, until } from '../support.ts';

const exemption = (name: string, more: Partial<Exemption> = {}): Exemption => ({
  name,
  rules: ['no-privileged-containers'],
  match: { containers: [name] },
  reason: 'because',
  owner: 'somebody',
  ...more,
});
const policy = onlyRules(['no-privileged-containers', 'no-privilege-escalation'], {
  exemptions: [
    exemption('known'),
    exemption('unused'),
    exemption('asked', { match: { users: ['*'] } }),
    exemption('expired', { expiresAt: 1 }),
    exemption('shop/podwright-exemptions/one', { isSelfService: true }),
    exemption('cart/podwright-exemptions/two', { isSelfService: true }),
  ],
});
const surroundings = surroundingsOf([], { minor: 36, now: 0, defaultNamespace: 'default' });

/** What a small cluster holds under the policy. */
function subjectsUnder(under: Policy) {
  const rollUp = openRollUp('shop', under, surroundings);
  const objects = [
    workload('apps/v1', 'Deployment', 'web', [container('app', privileged), container('known', privileged)]),
    runningPod('probe', [container('app', privileged)]),
  ];
  for (const object of objects.flatMap((value) => kubernetesObject(value) ?? []))
    if (object.kind === 'Pod') rollUp.addPod(object);
    else rollUp.addWorkload(object);
  return rollUp.subjects();
}

const retry = { firstMs: 100, longestMs: 200 };
const quick: ScanTiming = { firstMs: 20, lookMs: 10, policyMs: 200, retry };

/** A background scan of a cluster that is read in `takesMs`. */
function start(more: {
  readonly everyMs?: number;
  readonly timing?: Partial<ScanTiming>;
  readonly sink?: ReportSink;
  readonly page?: ScanPage;
}) {
  const registry = new Registry();
  const log = keptLog();
  const state = {
    isLeader: true,
    policy,
    takesMs: 0,
    failure: undefined as Error | undefined,
    unreadable: [] as Unreadable[],
    unknown: [] as Unreadable[],
    begun: [] as number[],
    running: 0,
    mostAtOnce: 0,
  };
  async function* read(under: Policy, signal: AbortSignal) {
    state.begun.push(performance.now());
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.running);
    try {
      for (const subject of subjectsUnder(under)) {
        await sleep(state.takesMs / 2, undefined, { signal });
        if (state.failure !== undefined) throw state.failure;
        yield subject;
      }
    } finally {
      state.running--;
    }
  }
  const scan = openBackgroundScan({
    everyMs: more.everyMs ?? 60_000,
    isLeader: () => state.isLeader,
    policy: () => state.policy,
    scan: (under, signal): Promise<ClusterScan> =>
      Promise.resolve(Object.assign(read(under, signal), { unreadable: state.unreadable, unknown: state.unknown })),
    sink: more.sink,
    metrics: createScanMetrics(registry),
    page: more.page,
    log: log.log,
    timing: { ...quick, ...more.timing },
    openRetries,
  });
  onTestFinished(() => scan.close());
  const series = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { state, scan, series, lines: log.lines };
}

/** Tells what a scan hands on. */
function recordingSink() {
  const calls: string[] = [];
  const sink: ReportSink = {
    begin: () => void calls.push('begin'),
    write: ({ object }) => Promise.resolve(void calls.push(object.name)),
    end: (complete) => Promise.resolve(void calls.push(`end ${complete}`)),
  };
  return { calls, sink };
}

test('a scan is reported in one log line, in metrics and to the sink', async () => {
  const { calls, sink } = recordingSink();
  const { lines, series } = start({ sink });
  await until(() => lines.length > 0);
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      event: 'scan',
      subjects: 2,
      findings: { enforce: 2, warn: 0, audit: 0 },
      denied: 2,
      wouldStop: 1,
      exempt: 1,
      unused: ['unused', '*/podwright-exemptions'],
      unreadable: [],
      durationMs: expect.any(Number),
      policy: 'test',
      msg: 'scanned the cluster',
    },
  ]);
  expect(calls).toEqual(['begin', 'web', 'probe', 'end true']);
  const [findings, ...others] = await series();
  expect(findings).toBe(
    'podwright_scan_findings{rule="no-privileged-containers",mode="enforce",severity="critical"} 2',
  );
  expect(others.map((line) => line.replace(/ [\d.e-]+$/, (value) => (value.length > 3 ? ' …' : value)))).toEqual([
    'podwright_scan_exempt_findings{exemption="known"} 1',
    'podwright_scan_exempt_findings{exemption="unused"} 0',
    'podwright_scan_exempt_findings{exemption="asked"} 0',
    'podwright_scan_exempt_findings{exemption="*/podwright-exemptions"} 0',
    'podwright_scan_subjects 2',
    'podwright_scan_duration_seconds …',
    'podwright_scan_last_run_timestamp_seconds …',
  ]);
});

test('a rule that throws is logged once as an error of the scan', async () => {
  const { lines, state } = start({});
  state.policy = withBrokenRule(policy);
  await until(() => lines.some(({ level }) => level === 'info'));
  expect(lines.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      time: expect.any(String),
      event: 'scan',
      err: { type: 'Error', message: 'broken', stack: expect.any(String) },
      rule: 'no-privilege-escalation',
      msg: 'a rule could not be evaluated; please report this',
    },
  ]);
});

test('only the leader scans; a former leader aborts its scan and clears its metrics', async () => {
  const { calls, sink } = recordingSink();
  const { state, series } = start({ sink, everyMs: 50 });
  state.isLeader = false;
  await sleep(80);
  expect([state.begun, await series()]).toEqual([[], []]);
  state.isLeader = true;
  await until(() => calls.includes('end true'));
  expect(await series()).not.toEqual([]);
  state.takesMs = 5_000;
  const before = state.begun.length;
  await until(() => state.begun.length > before);
  state.isLeader = false;
  await until(() => calls.at(-1) === 'end false' && state.running === 0);
  await sleep(30);
  expect(await series()).toEqual([]);
});

test('a scan becomes a page, which a failed scan leaves as it is and a former leader forgets', async () => {
  const page = openScanPage(pacedWork(fullPace, undefined));
  const { state, lines } = start({ page, everyMs: 30 });
  await until(() => lines.length > 0);
  expect(String(page.html).match(/(?<=<span class="title">)[^<]+/g)).toEqual(['Deployment shop/web', 'Pod shop/probe']);
  state.failure = new Error('the API server is away');
  await until(() => lines.some(({ level }) => level === 'warn'));
  expect(page.html).toBeDefined();
  state.isLeader = false;
  await until(() => page.html === undefined);
});

test('scans follow each other, never two at once', async () => {
  const { state } = start({ everyMs: 60 });
  state.takesMs = 100;
  await until(() => state.begun.length === 3);
  expect(state.mostAtOnce).toBe(1);
  const [first = 0, second = 0] = state.begun;
  expect(second - first).toBeGreaterThan(100 + 0.9 * 60);
});

test('a new policy is scanned with a while after the last scan; the same one is not', async () => {
  const { state, lines } = start({});
  await until(() => lines.length === 1);
  await sleep(300);
  state.policy = { ...policy };
  await sleep(50);
  expect(lines).toHaveLength(1);
  state.policy = { ...policy, hash: 'new' };
  await until(() => lines.length === 2);
  state.policy = { ...policy, hash: 'newer' };
  await until(() => lines.length === 3);
  const [, second = 0, third = 0] = state.begun;
  expect(third - second).toBeGreaterThan(quick.policyMs);
  expect(lines.map(({ policy: hash }) => hash)).toEqual(['test', 'new', 'newer']);
});

test('a failed scan is retried with growing pauses, and earlier results stay', async () => {
  const { calls, sink } = recordingSink();
  const { state, lines, series } = start({ sink, everyMs: 30 });
  await until(() => lines.length === 1);
  state.failure = new Error('the API server is away');
  await until(() => lines.length === 3);
  expect(lines[1]).toEqual({
    level: 'warn',
    time: expect.any(String),
    event: 'scan',
    problem: 'the API server is away',
    retrySeconds: 0,
    msg: 'the cluster scan failed; keeping the previous results',
  });
  const [, second = 0, third = 0] = state.begun;
  expect(third - second).toBeGreaterThan(retry.firstMs / 2);
  expect((await series())[0]).toContain('podwright_scan_findings');
  expect(calls.slice(4, 6)).toEqual(['begin', 'end false']);
  state.failure = undefined;
  await until(() => lines.at(-1)?.['level'] === 'info');
});

test('unreadable resources are reported, and the sink keeps its earlier reports', async () => {
  const { calls, sink } = recordingSink();
  const { state, lines, series } = start({ sink });
  state.unreadable.push({ resource: 'pods', message: 'pods is forbidden' });
  await until(() => lines.length === 1);
  expect(lines[0]).toMatchObject({ unused: [], unreadable: [{ resource: 'pods', message: 'pods is forbidden' }] });
  expect(calls.at(-1)).toBe('end false');
  expect(await series()).toContain('podwright_scan_unreadable{resource="pods"} 1');
});

test('neighbors that may not be listed are reported, and the sink is up to date all the same', async () => {
  const { calls, sink } = recordingSink();
  const { state, lines, series } = start({ sink });
  state.unknown.push({ resource: 'services', message: 'services is forbidden' });
  await until(() => lines.length === 1);
  expect(lines[0]).toMatchObject({
    unused: [],
    unreadable: [{ resource: 'services', message: 'services is forbidden' }],
  });
  expect(calls.at(-1)).toBe('end true');
  expect(await series()).toContain('podwright_scan_unreadable{resource="services"} 1');
});

test('closing ends a scan that is under way', async () => {
  const { state, scan } = start({});
  state.takesMs = 10_000;
  await until(() => state.begun.length === 1);
  await scan.close();
  expect(state.running).toBe(0);
});
