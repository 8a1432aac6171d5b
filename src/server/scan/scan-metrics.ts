import type { Registry } from 'prom-client';
import type { ReportMetrics, ReportWrite } from '../../cluster/reports/index.ts';
import { metricFactory } from '../monitoring/index.ts';
import type { ScanSummary } from './scan-summary.ts';

/** Metrics of the leader's scans. */
export interface ScanMetrics {
  finished(summary: ScanSummary): void;
  /** Clears the metrics when this replica no longer scans, because another one now exports them. */
  clear(): void;
}

export function createScanMetrics(registry: Registry): ScanMetrics {
  const { gauge } = metricFactory(registry);
  const findings = gauge(
    'scan_findings',
    'Findings in running workloads that no fix or exemption covers',
    'rule',
    'mode',
    'severity',
  );
  const exempt = gauge('scan_exempt_findings', 'Findings in running workloads covered by an exemption', 'exemption');
  const unreadable = gauge('scan_unreadable', '1 for a resource that the last scan could not read', 'resource');
  const subjects = gauge('scan_subjects', 'Workloads and bare Pods in the last scan');
  const duration = gauge('scan_duration_seconds', 'Duration of the last scan');
  const lastRun = gauge('scan_last_run_timestamp_seconds', 'When the last scan ended');
  const labeled = [findings, exempt, unreadable];
  const single = [subjects, duration, lastRun];
  function clear(): void {
    for (const each of labeled) each.reset();
    for (const each of single) each.remove();
  }
  // A gauge without labels starts at 0, although nothing was scanned.
  clear();
  return {
    clear,
    finished(summary) {
      for (const each of labeled) each.reset();
      for (const { rule, mode, severity, count } of summary.findings) findings.set({ rule, mode, severity }, count);
      for (const [exemption, count] of summary.exempt) exempt.set({ exemption }, count);
      for (const { resource } of summary.unreadable) unreadable.set({ resource }, 1);
      subjects.set(summary.subjects);
      duration.set(summary.durationMs / 1000);
      lastRun.setToCurrentTime();
    },
  };
}

const results: readonly ReportWrite[] = ['created', 'updated', 'deleted', 'failed', 'over_limit'];

/** Counts the results of writing Reports. */
export function createReportMetrics(registry: Registry): ReportMetrics {
  const written = metricFactory(registry).counter(
    'reports_written_total',
    'OpenReports Reports by result of writing them',
    'result',
  );
  for (const result of results) written.inc({ result }, 0);
  return { wrote: (result) => written.inc({ result }) };
}
