import { Counter, type Registry } from 'prom-client';
import type { ReportMetrics, ReportWrite } from '../cluster/reports/index.ts';

const results: readonly ReportWrite[] = ['created', 'updated', 'deleted', 'failed', 'over_limit'];

/** Counts what becomes of the Reports of scans. */
export function createReportMetrics(registry: Registry): ReportMetrics {
  const written = new Counter({
    name: 'podwright_reports_written_total',
    help: 'Reports of openreports.io by what became of writing them',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of results) written.inc({ result }, 0);
  return { wrote: (result) => written.inc({ result }) };
}
