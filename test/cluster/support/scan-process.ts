import { monitorEventLoopDelay } from 'node:perf_hooks';
import { argv, memoryUsage, stdout, threadCpuUsage } from 'node:process';
import { surroundingsOf } from '../../../src/audit/surroundings.ts';
import { openApiClient } from '../../../src/cluster/api/api-client.ts';
import { pacedWork, serverPace, serverPageSize } from '../../../src/cluster/scan/pace.ts';
import { scanCluster } from '../../../src/cluster/scan/scan-cluster.ts';
import { defaultPolicy } from '../../../src/policy/default-policy.ts';
import { rules } from '../../../src/rules/index.ts';
import { openScanPage } from '../../../src/server/scan/scan-page.ts';

/** What a scan in a process of its own costs, with the page that the leader shows. */
export interface ScanMeasurement {
  readonly subjects: number;
  readonly pods: number;
  readonly findings: number;
  /** The bytes of the page. */
  readonly pageBytes: number;
  readonly seconds: number;
  /** Above what the process had when the first namespaces were done. */
  readonly grownMiB: number;
  /**
   * How long the event loop is kept busy without a turn, in processor time: what other processes take does not count.
   */
  readonly busyP99Ms: number;
  /** How late a timer is, whoever is to blame; beyond the monitor's own resolution. */
  readonly delayP99Ms: number;
}

const [kubeconfig = ''] = argv.slice(2);
const warmAfter = 100;
const resolution = 10;
const delay = monitorEventLoopDelay({ resolution });
const rss = (): number => memoryUsage.rss() / 2 ** 20;
const processorMs = (): number => {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
};
let baseline = 0;
let peak = 0;
let processorBefore = processorMs();
const busy: number[] = [];
const sampled = setInterval(() => {
  const now = processorMs();
  busy.push(now - processorBefore);
  processorBefore = now;
  peak = Math.max(peak, rss());
}, 5);

const totals = { subjects: 0, pods: 0, findings: 0 };
const startedAt = performance.now();
const policy = defaultPolicy(rules);
const page = openScanPage(pacedWork({ ...serverPace, share: 1 }, undefined));
const started = page.begin(policy);
const scan = scanCluster({
  client: openApiClient({ kubeconfig }),
  policy,
  surroundings: surroundingsOf([], { minor: 36, now: Date.now(), defaultNamespace: 'default' }),
  pageSize: serverPageSize,
  // With pauses it would take minutes; what a slice keeps busy is the same.
  pace: { ...serverPace, share: 1 },
  onProgress({ namespaces }) {
    if (namespaces !== warmAfter) return;
    baseline = rss();
    peak = baseline;
    busy.length = 0;
    delay.enable();
  },
});
for await (const subject of scan) {
  totals.subjects++;
  totals.pods += subject.pods;
  totals.findings += subject.findings.length;
  started.add(subject);
}
await started.complete({ denied: 0, unreadable: [...scan.unreadable, ...scan.unknown] });
clearInterval(sampled);
const measured: ScanMeasurement = {
  ...totals,
  pageBytes: page.html?.length ?? 0,
  seconds: (performance.now() - startedAt) / 1000,
  grownMiB: peak - baseline,
  busyP99Ms: busy.toSorted((a, b) => a - b)[Math.floor(busy.length * 0.99)] ?? 0,
  delayP99Ms: delay.percentile(99) / 1e6 - resolution,
};
stdout.write(JSON.stringify(measured));
