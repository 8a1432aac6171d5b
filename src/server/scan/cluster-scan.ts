import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type ReportKindName, reportKinds } from '../../audit/report-kind.ts';
import type { ScannedSubject } from '../../audit/scanned-subject.ts';
import type { ReportSink } from '../../cluster/reports/index.ts';
import type { Metrics } from '../monitoring/index.ts';
import type { SelfServicePolicy } from '../self-service/index.ts';
import { type ServedCluster, surroundingsIn } from '../served-cluster.ts';
import { type BackgroundScan, openBackgroundScan } from './background-scan.ts';
import { createReportMetrics, createScanMetrics } from './scan-metrics.ts';
import { openScanPage, type ScanPage } from './scan-page.ts';
import type { ScanTiming } from './scan-schedule.ts';

/** The options of `podwright serve` about scans. */
export interface ScanOptions {
  readonly everyMs: number;
  /** Writes the findings as reports of this kind besides the metrics. */
  readonly reports: 'none' | ReportKindName;
  /** Whether the reports include rules that pass. */
  readonly passes: boolean;
  /** The maximum number of Reports. */
  readonly maxReports: number;
  /** Whether to keep a page of the last scan. */
  readonly page?: boolean | undefined;
  readonly timing?: Partial<ScanTiming> | undefined;
}

/** A background scan and, if wanted, its page. */
export interface ClusterScanning extends BackgroundScan {
  readonly page: ScanPage | undefined;
}

/** Scans the cluster, using the server's namespace cache, at a pace that does not slow down admission. */
export async function openClusterScan(
  { everyMs, timing, page: isShown = false, ...reporting }: ScanOptions,
  options: {
    readonly cluster: ServedCluster;
    readonly selfService: Pick<SelfServicePolicy, 'policyEverywhere' | 'problems'>;
    readonly metrics: Metrics;
    readonly log: Logger;
  },
): Promise<ClusterScanning> {
  const { cluster, selfService, metrics, log } = options;
  const { registry } = metrics;
  const { client, namespaces, election } = cluster;
  const [{ excludedNamespaces, pacedWork, scanCluster, serverPace: pace, serverPageSize: pageSize }, { openRetries }] =
    await Promise.all([import('../../cluster/scan/index.ts'), import('../../cluster/api/index.ts')]);
  const closing = new AbortController();
  const sink = await sinkOf(reporting, { client, registry, log, signal: closing.signal });
  const page = isShown ? openScanPage(pacedWork(pace, closing.signal)) : undefined;
  const scan = openBackgroundScan({
    everyMs,
    timing,
    openRetries,
    isLeader: () => election?.isLeader ?? true,
    policy: () => selfService.policyEverywhere(),
    sink,
    onSubject: metrics.recordScanned,
    metrics: createScanMetrics(registry),
    page,
    log,
    async scan(policyNow, signal) {
      // Without labels, it is unknown which namespaces are excluded and which policy applies to the others; without exemptions of
      // teams, their findings would be reported.
      const [problem] = [...namespaces.problems(), ...selfService.problems()];
      if (problem !== undefined) throw new Error(problem);
      const at = (namespace: string) => surroundingsIn(cluster, namespace);
      const surroundings = { now: Date.now(), defaultNamespace: 'default', at };
      const isExcluded = await excludedNamespaces(client, surroundings, { signal });
      return scanCluster({ client, policy: policyNow, surroundings, isExcluded, pageSize, pace, signal });
    },
  });
  return {
    page,
    get last() {
      return scan.last;
    },
    close() {
      closing.abort();
      return scan.close();
    },
  };
}

async function sinkOf(
  { reports, passes, maxReports }: Pick<ScanOptions, 'reports' | 'passes' | 'maxReports'>,
  options: {
    readonly client: ServedCluster['client'];
    readonly registry: Registry;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<ReportSink | undefined> {
  if (reports === 'none') return undefined;
  const [{ openReportSink }, { reportOf }] = await Promise.all([
    import('../../cluster/reports/index.ts'),
    import('../../audit/policy-report.ts'),
  ]);
  const { client, registry, log, signal } = options;
  const kind = reportKinds[reports];
  const formed = (subject: ScannedSubject) => reportOf(subject, { kind, passes });
  return openReportSink({
    client,
    kind,
    reportOf: formed,
    metrics: createReportMetrics(registry),
    maxReports,
    log,
    signal,
  });
}
